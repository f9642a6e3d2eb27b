import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cached, cacheFolder } from './cache.ts';
import { PartUnavailable, type PartOptions } from './part.ts';
import { findPython } from './python-interpreter.ts';
import { run, RunFailed } from './run.ts';

export interface PythonVenv {
  readonly folder: string;
  /** Where the interpreter itself is, which the folder only links to. */
  readonly installation: string;
  /** The interpreter, for `python -m module`. */
  readonly python: string;
  /** A console script that one of the requirements installed. */
  bin(script: string): string;
}

export interface VenvOptions extends Pick<PartOptions, 'signal' | 'progress'> {
  /** The oldest Python that the requirements allow, such as `3.12`; 3.11 without it. */
  readonly minimum?: string;
  /** Passed to pip after the requirements, such as `--no-deps`. */
  readonly pipOptions?: readonly string[];
}

/**
 * A virtual environment with exactly these pinned requirements, made once by `python3 -m venv` and pip and kept in the cache folder
 * under its name and a hash of the requirements and the interpreter. Throws `PartUnavailable` that says what to install.
 */
export async function pythonVenv(
  name: string,
  requirements: readonly string[],
  options: VenvOptions,
): Promise<PythonVenv> {
  const { signal, minimum = '3.11' } = options;
  const interpreter = await findPython(minimum, signal);
  const pipArguments = [...requirements, ...(options.pipOptions ?? [])];
  const key = hash([interpreter.path, interpreter.version, ...pipArguments]);
  const folderName = `python-${name}-${key}`;
  const make = async (folder: string): Promise<void> => {
    await fill(name, folder, interpreter.path, pipArguments, options);
    pointScriptsAt(folder, join(cacheFolder(), folderName));
  };
  const folder = await cached(folderName, make, signal);
  const bin = (script: string): string => join(folder, 'bin', script);
  const installation = dirname(dirname(realpathSync(bin('python'))));
  return { folder, installation, python: bin('python'), bin };
}

/** The requirements of a file like those of `pip freeze`: a requirement a line, `#` begins a comment. */
export function readRequirements(file: string | URL): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}

async function fill(
  name: string,
  folder: string,
  python: string,
  pipArguments: readonly string[],
  { signal, progress }: VenvOptions,
): Promise<void> {
  progress(`python: making the virtual environment ${name} (once)`);
  await explained('python3 cannot make a virtual environment: install the package python3-venv', () =>
    run(python, ['-m', 'venv', folder], { signal }),
  );
  progress(`python: installing ${pipArguments.length} pinned packages for ${name} (a minute)`);
  await explained(`pip could not install ${name}: is a Python package index within reach?`, () =>
    run(join(folder, 'bin', 'python'), pip(pipArguments), { signal, onLine: (line) => tell(line, progress) }),
  );
}

function pip(pipArguments: readonly string[]): string[] {
  return ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', ...pipArguments];
}

function tell(line: string, progress: (line: string) => void): void {
  const told = /^(Collecting|Installing collected packages)/.exec(line);
  if (told !== null) progress(`python: ${line.slice(0, 100)}`);
}

async function explained(help: string, step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (error instanceof RunFailed) throw new PartUnavailable(`${help}\n${error.tail}`, { cause: error });
    throw error;
  }
}

/** Scripts name their interpreter by its full path, and the environment is made in a folder that is renamed when it is whole. */
function pointScriptsAt(made: string, final: string): void {
  const folder = join(made, 'bin');
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = join(folder, entry.name);
    if (!entry.isFile() || statSync(file).size > 1_000_000) continue;
    const text = readFileSync(file, 'latin1');
    if (text.includes(made)) writeFileSync(file, text.replaceAll(made, final), 'latin1');
  }
}
