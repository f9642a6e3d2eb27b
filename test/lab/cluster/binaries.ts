import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cached, cacheFolder } from '../parts/cache.ts';
import { withLock } from '../parts/lock.ts';
import { PartUnavailable } from '../parts/part.ts';
import { downloadedFolder, downloadFolder } from './envtest-download.ts';
import { goBuild } from './go-build.ts';
import { announced, type Waiting } from './progress.ts';
import { cacheName, family, programNames, programs, type ProgramName, type WorkloadProgramName } from './programs.ts';

/** Paths of the programs that a local control plane is made of. */
export type Binaries = Readonly<Record<ProgramName, string>>;

type Found = Partial<Record<ProgramName, string>>;

/** The two ways to get what is not here. Each leaves it in the cache folder, or throws. */
export interface Sources {
  download(waiting: Waiting): Promise<unknown>;
  build(name: ProgramName, waiting: Waiting): Promise<unknown>;
}

/**
 * Finds kube-apiserver, etcd and kubectl or gets them, each from the first place that has it: the folder KUBEBUILDER_ASSETS, the
 * cache folder, envtest's download, a build from source with Go (some 7 minutes on two cores, once a version). Throws
 * `PartUnavailable` with what was tried; the cause is an AggregateError of the attempts.
 */
export async function provideBinaries(
  waiting: Waiting,
  sources: Sources = { download: (whom) => downloadFolder(whom), build },
): Promise<Binaries> {
  const found = await foundLocally();
  if (isWhole(found)) return found;
  const lock = join(cacheFolder(), 'control-plane.lock');
  if (existsSync(lock)) waiting.progress('another run is getting the control plane: waiting for it');
  return withLock(lock, () => obtain(waiting, sources), waiting.signal);
}

async function obtain(waiting: Waiting, sources: Sources): Promise<Binaries> {
  const failures: Error[] = [];
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<Found> => {
    await work().catch((cause: unknown) => {
      failures.push(new Error(`${what}: ${reason(cause)}`, { cause }));
    });
    waiting.signal.throwIfAborted();
    return foundLocally();
  };
  let found = await foundLocally();
  if (!isWhole(found)) found = await attempt("envtest's download", () => sources.download(waiting));
  for (const name of programNames) {
    if (found[name] === undefined) found = await attempt(`building ${name}`, () => sources.build(name, waiting));
  }
  if (!isWhole(found)) throw unavailable(found, failures);
  return found;
}

/** What is here already, without network. */
async function foundLocally(): Promise<Found> {
  const download = await downloadedFolder();
  const folders = (name: ProgramName) => [
    process.env['KUBEBUILDER_ASSETS'],
    join(cacheFolder(), cacheName(name)),
    download,
  ];
  const entries = programNames.flatMap((name) => {
    const folder = folders(name).find((candidate) => candidate !== undefined && existsSync(join(candidate, name)));
    return folder === undefined ? [] : [[name, join(folder, name)] as const];
  });
  return Object.fromEntries(entries);
}

function isWhole(found: Found): found is Binaries {
  return programNames.every((name) => found[name] !== undefined);
}

/** The program of a workload part: from the cache folder, or built from source; envtest publishes none of these. */
export async function provideWorkloadProgram(name: WorkloadProgramName, waiting: Waiting): Promise<string> {
  const path = join(cacheFolder(), cacheName(name), name);
  if (!existsSync(path)) await build(name, waiting);
  return path;
}

async function build(name: ProgramName | WorkloadProgramName, waiting: Waiting): Promise<void> {
  const { program, version, minutes } = programs[name];
  const what = `building ${name} ${version} from source with Go, once (about ${minutes} min on two cores)`;
  const make = (folder: string) => goBuild(program, family, { folder, signal: waiting.signal });
  await announced(waiting, what, () => cached(cacheName(name), make, waiting.signal));
}

function unavailable(found: Found, failures: readonly Error[]): PartUnavailable {
  const missing = programNames.filter((name) => found[name] === undefined).join(', ');
  const lines = [
    `No ${missing} for the local control plane. Tried:`,
    `- KUBEBUILDER_ASSETS: ${process.env['KUBEBUILDER_ASSETS'] ?? 'not set'}`,
    `- the cache folder ${cacheFolder()}`,
    ...failures.map((failure) => `- ${failure.message}`),
    'Set KUBEBUILDER_ASSETS to a folder with these programs (setup-envtest makes one), or give this machine the network for the',
    'download, or put Go 1.26 or newer on PATH with access to its module proxy (GOPROXY).',
  ];
  return new PartUnavailable(lines.join('\n'), { cause: new AggregateError(failures) });
}

/** The message and those below it: a failed fetch says only by its cause what failed. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${reason(error.cause)})`;
}
