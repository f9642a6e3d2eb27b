import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PartUnavailable } from './part.ts';
import { runIfPossible } from './run.ts';

export interface Interpreter {
  readonly path: string;
  /** `major.minor.patch`. */
  readonly version: string;
}

const describe = 'import sys; print(sys.executable); print(".".join(str(n) for n in sys.version_info[:3]))';

/** The first Python on PATH, or among pyenv's, that is at least `minimum`; throws `PartUnavailable` when there is none. */
export async function findPython(minimum: string, signal: AbortSignal): Promise<Interpreter> {
  const seen: string[] = [];
  for (const command of candidates()) {
    const found = await inspect(command, signal);
    if (found === undefined) continue;
    if (isAtLeast(found.version, minimum)) return found;
    seen.push(found.version);
  }
  const others = seen.length === 0 ? '' : ` (found only ${[...new Set(seen)].join(', ')})`;
  throw new PartUnavailable(
    `Python ${minimum} or newer is needed${others}: install the packages python3 and python3-venv`,
  );
}

function candidates(): string[] {
  const numbered = [11, 12, 13, 14].map((minor) => `python3.${minor}`);
  const pyenv = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const versions = existsSync(pyenv) ? readdirSync(pyenv).toSorted(compareVersions) : [];
  return ['python3', ...numbered, ...versions.map((version) => join(pyenv, version, 'bin', 'python3'))];
}

async function inspect(command: string, signal: AbortSignal): Promise<Interpreter | undefined> {
  const answer = await runIfPossible(command, ['-c', describe], { signal });
  const [path, version] = answer?.split('\n') ?? [];
  return path === undefined || version === undefined ? undefined : { path, version };
}

function isAtLeast(version: string, minimum: string): boolean {
  return compareVersions(version, minimum) >= 0;
}

function compareVersions(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}
