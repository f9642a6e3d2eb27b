import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { onPath } from './on-path.ts';
import { PartUnavailable, type PartOptions } from './part.ts';
import { run, RunFailed, runIfPossible } from './run.ts';

export interface DebianBinary {
  readonly path: string;
  /** The folder that the packages were unpacked into; undefined when the program was already on PATH. */
  readonly root: string | undefined;
  /** What its environment needs beside the caller's own: LD_LIBRARY_PATH, or nothing. */
  readonly env: Readonly<Record<string, string>>;
}

export interface DebianOptions extends Pick<PartOptions, 'signal' | 'progress'> {
  /** Where in the packages the program is, when that is not `usr/bin`: `usr/lib/chromium/chromium`. */
  readonly within?: string;
  /** Do not use a program of this name on PATH. */
  readonly ignorePath?: boolean;
}

/** The programs that the lab and its tests use, and what they are in. */
const programs = {
  bwrap: { packages: ['bubblewrap'] },
  'redis-server': { packages: ['redis-server', 'redis-tools'] },
  prometheus: { packages: ['prometheus'] },
  'prometheus-alertmanager': { packages: ['prometheus-alertmanager'] },
  chromium: { packages: ['chromium'], within: 'usr/lib/chromium/chromium' },
  'lua5.1': { packages: ['lua5.1'] },
} as const satisfies Readonly<Record<string, { readonly packages: readonly string[]; readonly within?: string }>>;

export type DebianProgram = keyof typeof programs;

export const debianPrograms = Object.keys(programs) as readonly DebianProgram[];

export function debianProgram(name: DebianProgram, options: DebianOptions): Promise<DebianBinary> {
  const { packages, ...where } = programs[name];
  return debianBinary(name, packages, { ...options, ...where });
}

/**
 * A program of Debian's, without installing it: the one on PATH, else its packages and whatever they need that is not installed
 * here, downloaded with `apt-get download` and unpacked with `dpkg -x` into the cache folder. No maintainer script runs, so no daemon is
 * started and nothing outside the cache changes, except that root refreshes apt's lists when they are missing or out of date.
 * Throws `PartUnavailable` that names the packages.
 */
export async function debianBinary(
  name: string,
  packages: readonly string[],
  options: DebianOptions,
): Promise<DebianBinary> {
  const found = options.ignorePath === true ? undefined : onPath(name);
  if (found !== undefined) return { path: found, root: undefined, env: {} };
  const wanted = packages.join(' ');
  const root = await unpacked(name, packages, options).catch((cause: unknown) => {
    options.signal.throwIfAborted();
    throw new PartUnavailable(`${name} is not on PATH and could not be fetched: install the package ${wanted}`, {
      cause,
    });
  });
  const path = ['usr/bin', 'usr/sbin', 'bin', 'sbin'].map((folder) => join(root, folder, name)).find(existsSync);
  const program = options.within === undefined ? path : join(root, options.within);
  if (program === undefined || !existsSync(program)) throw new PartUnavailable(`no ${name} in the package ${wanted}`);
  return { path: program, root, env: { LD_LIBRARY_PATH: libraryFolders(root).join(':') } };
}

async function unpacked(name: string, packages: readonly string[], options: DebianOptions): Promise<string> {
  const key = createHash('sha256')
    .update(`${release()} ${process.arch} ${packages.join(' ')}`)
    .digest('hex');
  return cached(`debian-${name}-${key.slice(0, 12)}`, (folder) => fetchInto(folder, packages, options), options.signal);
}

/** The packages' libraries depend on the system's, so another release of it needs other packages. */
function release(): string {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : 'unknown';
}

async function fetchInto(folder: string, packages: readonly string[], options: DebianOptions): Promise<void> {
  const { progress, signal } = options;
  try {
    await download(folder, packages, options);
  } catch (error) {
    if (!(error instanceof RunFailed) || process.getuid?.() !== 0) throw error;
    progress('debian: refreshing the package lists');
    await runIfPossible('apt-get', ['update', '-q'], { signal });
    await download(folder, packages, options);
  }
}

async function download(folder: string, packages: readonly string[], options: DebianOptions): Promise<void> {
  const { progress, signal } = options;
  const archives = join(folder, 'archives');
  mkdirSync(archives, { recursive: true });
  const needed = await withMissingDependencies(packages, signal);
  progress(`debian: downloading ${needed.join(', ')} (once)`);
  await run('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', 'download', ...needed], { signal, cwd: archives });
  for (const archive of readdirSync(archives)) await run('dpkg', ['-x', join(archives, archive), folder], { signal });
  rmSync(archives, { recursive: true });
}

/** What apt would install, asked for as a simulation: it needs no root and takes no lock. */
async function withMissingDependencies(packages: readonly string[], signal: AbortSignal): Promise<string[]> {
  const plan = await run('apt-get', ['install', '-s', '-q', '--no-install-recommends', ...packages], { signal });
  const installs = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '');
  return [...new Set([...packages, ...installs])];
}

/** Every folder with a shared library in it: some packages keep theirs in a folder of their own. */
function libraryFolders(root: string): string[] {
  const parents = ['usr/lib', 'lib'].map((folder) => join(root, folder)).filter(existsSync);
  const files = parents.flatMap((parent) => readdirSync(parent, { recursive: true, withFileTypes: true }));
  const libraries = files.filter((file) => !file.isDirectory() && /^lib.*\.so(\.|$)/.test(file.name));
  return [...new Set(libraries.map((file) => file.parentPath))];
}
