import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, RunFailed } from '../parts/run.ts';
import { startBound } from './bound-process.ts';

/** A program that the Go module proxy has the source of. */
export interface GoProgram {
  readonly name: string;
  /** The module and its version, such as `go.etcd.io/etcd/server/v3` and `v3.6.8`. */
  readonly module: string;
  readonly version: string;
  /** The import path of its main package. */
  readonly main: string;
  readonly ldflags: string;
  /** The published version of the modules that the module's own go.mod replaces by folders of its repository, if it does. */
  readonly stagingVersion?: string;
}

/**
 * Builds a static program as `folder/NAME` with the Go tool found on PATH; throws `RunFailed`. `go install` refuses a module
 * whose go.mod has `replace` lines, so a module of our own repeats these with published versions and builds the package.
 */
export async function goBuild(program: GoProgram, folder: string, signal: AbortSignal): Promise<void> {
  const workspace = mkdtempSync(join(tmpdir(), 'threehops-go-'));
  // Memory for time: the compilers' garbage is mostly left alone.
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOGC: '400' };
  try {
    const download = ['mod', 'download', '-json', `${program.module}@${program.version}`];
    const described = await run('go', download, { cwd: workspace, signal, env });
    const { GoMod: source } = JSON.parse(described) as { GoMod: string };
    writeFileSync(join(workspace, 'go.mod'), goModOf(program, readFileSync(source, 'utf8')));
    // No debugger ever looks at these.
    const flags = [
      '-mod=mod',
      '-trimpath',
      '-gcflags=all=-dwarf=false',
      '-ldflags',
      program.ldflags,
      '-o',
      join(folder, program.name),
    ];
    await compile(['build', ...flags, program.main], { cwd: workspace, env }, signal);
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

/** The go.mod of our module, from that of the program's: the same language version, and each replaced folder by its published module. */
export function goModOf(program: GoProgram, source: string): string {
  const language = /^go (\S+)$/m.exec(source)?.[1] ?? '1.26.0';
  const staging = [...source.matchAll(/^\s*(?:replace )?(\S+) => \.\//gm)].map(([, name]) => name);
  const replaced = program.stagingVersion === undefined ? [] : staging;
  return [
    'module threehops.local/build',
    `go ${language}`,
    `tool ${program.main}`,
    `require ${program.module} ${program.version}`,
    ...replaced.map((name) => `replace ${name} => ${name} ${program.stagingVersion}`),
    '',
  ].join('\n');
}
