import { spawn } from 'node:child_process';

/**
 * All that a reviewer would check, in one command: what is generated is up to date, types, lint, layers, format, unit tests. Fails when
 * generating changes a file, because then what is committed is stale.
 */

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const source = ['controller', 'skills', 'test', 'scripts'];
export const staticChecks: readonly Check[] = [
  { name: 'generated files are up to date', command: ['node', 'scripts/generate.ts', '--check'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'layers', command: ['node', 'scripts/layers.ts'] },
  { name: 'format', command: ['oxfmt', '--check', ...source] },
];

/** Runs a command with our output; answers its exit code. */
export async function passes({ command }: Check): Promise<boolean> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  return code === 0;
}

async function verify(): Promise<void> {
  const checks = [...staticChecks, { name: 'unit tests', command: ['vitest', 'run', '--project', 'unit'] }];
  for (const check of checks) {
    console.log(`\n== ${check.name}`);
    if (await passes(check)) continue;
    console.error(`verify: ${check.name} failed`);
    process.exitCode = 1;
    return;
  }
}

if (import.meta.main) await verify();
