import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, RunFailed } from '../parts/run.ts';
import { startBound } from './bound-process.ts';

/** A module of the Go module proxy. */
export interface GoModule {
  /** Its path and version, such as `go.etcd.io/etcd/server/v3` and `v3.6.8`. */
  readonly path: string;
  readonly version: string;
  /** The published version of the modules that its own go.mod replaces by folders of its repository, if it does. */
  readonly stagingVersion?: string;
}

/** Programs that are built with one version of each module, so that they share each package, and its compilation. */
export interface GoFamily {
  readonly modules: readonly GoModule[];
  /** The import paths of their main packages. */
  readonly mains: readonly string[];
}

/** A program of a family. */
export interface GoProgram {
  readonly name: string;
  readonly main: string;
  readonly ldflags: string;
}

/**
 * Builds a static program as `folder/NAME` with the Go tool found on PATH; throws `RunFailed`. `go install` refuses a module
 * whose go.mod has `replace` lines, so a module of our own repeats these with published versions and builds the package.
 */
export async function goBuild(
  program: GoProgram,
  family: GoFamily,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<void> {
  const workspace = mkdtempSync(join(tmpdir(), 'threehops-go-'));
  // Memory for time: the compilers' garbage is mostly left alone.
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOGC: '400' };
  const go = (...args: readonly string[]): Promise<string> => run('go', args, { cwd: workspace, signal, env });
  try {
    const sources: ModuleSource[] = [];
    for (const module of family.modules) {
      const described = await go('mod', 'download', '-json', `${module.path}@${module.version}`);
      const { GoMod } = JSON.parse(described) as { GoMod: string };
      sources.push({ module, goMod: readFileSync(GoMod, 'utf8') });
    }
    writeFileSync(join(workspace, 'go.mod'), goModOf(sources, family.mains));
    // Writes into go.mod the version of each module that any of them needs.
    await go('list', '-mod=mod', '-deps', 'tool');
    // No debugger ever looks at these.
    const flags = ['-trimpath', '-gcflags=all=-dwarf=false', '-ldflags', program.ldflags];
    const args = ['build', '-mod=mod', ...flags, '-o', join(folder, program.name), program.main];
    await compile(args, { cwd: workspace, env }, signal);
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** The compilers are processes of their own, which only end early together with their group. */
async function compile(
  args: readonly string[],
  place: { cwd: string; env: NodeJS.ProcessEnv },
  signal: AbortSignal,
): Promise<void> {
  const logFile = join(place.cwd, 'build.log');
  signal.throwIfAborted();
  const go = await startBound('go', args, { ...place, logFile });
  const stop = () => void go.stop(0);
  signal.addEventListener('abort', stop, { once: true });
  const code = await go.exited;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (code !== 0) throw new RunFailed('go build', code, readFileSync(logFile, 'utf8').slice(-2000));
}

interface ModuleSource {
  readonly module: GoModule;
  readonly goMod: string;
}

/** The go.mod of our module, from those of the others: the newest language version, and each replaced folder by its published module. */
export function goModOf(sources: readonly ModuleSource[], mains: readonly string[]): string {
  const languages = sources.map(({ goMod }) => /^go (\S+)$/m.exec(goMod)?.[1] ?? '1.26.0');
  const newest = languages.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  const replaced = sources.flatMap(({ module: { stagingVersion }, goMod }) => {
    if (stagingVersion === undefined) return [];
    const staging = [...goMod.matchAll(/^\s*(?:replace )?(\S+) => \.\//gm)].map(([, name]) => name);
    return staging.map((name) => `replace ${name} => ${name} ${stagingVersion}`);
  });
  return [
    'module threehops.local/build',
    `go ${newest}`,
    ...mains.map((main) => `tool ${main}`),
    ...sources.map(({ module: { path, version } }) => `require ${path} ${version}`),
    ...replaced,
    '',
  ].join('\n');
}
