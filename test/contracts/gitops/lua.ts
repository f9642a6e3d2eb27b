import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { debianProgram } from '../../lab/parts/debian.ts';

export interface Health {
  readonly status: string;
  readonly message: string;
}

/**
 * What a health check of Argo CD's answers for objects: the script sees each as the global `obj` and returns a table. Argo CD runs Lua 5.1
 * without `io` and `os`, and so does this.
 */
export async function luaHealth(
  script: string,
  objects: readonly unknown[],
  signal: AbortSignal,
): Promise<readonly Health[]> {
  const { path, env } = await debianProgram('lua5.1', { signal, progress: () => undefined });
  const program = [
    'local write = io.write',
    'io, os, require, package, dofile, loadfile, debug = nil, nil, nil, nil, nil, nil, nil',
    `local check = function()\n${script}\nend`,
    `for _, one in ipairs(${luaOf(objects)}) do`,
    '  obj = one',
    '  local health = check()',
    // Neither word holds a control character.
    "  write(health.status, '\\1', health.message, '\\2')",
    'end',
  ].join('\n');
  const running = promisify(execFile)(path, ['-'], { env: { ...process.env, ...env }, signal });
  running.child.stdin?.end(program);
  const { stdout } = await running;
  return stdout
    .split('\u0002')
    .slice(0, -1)
    .map((line) => {
      const [status = '', message = ''] = line.split('\u0001');
      return { status, message };
    });
}

/** JSON as a Lua expression; null is absent, as it is to Argo CD. */
function luaOf(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'string')
    return `"${[...Buffer.from(value)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')}"`;
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `{${value.map(luaOf).join(',')}}`;
  return `{${Object.entries(value)
    .map(([name, field]) => `[${luaOf(name)}]=${luaOf(field)}`)
    .join(',')}}`;
}
