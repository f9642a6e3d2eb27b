import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { systemClock } from '../../../controller/kube/clock.ts';
import { bubblewrapSandbox } from '../../../controller/sandbox/bubblewrap-sandbox.ts';
import type { Sandbox, SandboxRequest, SandboxResult } from '../../../controller/sandbox/sandbox.ts';
import { debianProgram } from '../../lab/parts/debian.ts';

/** A sandbox, a folder of the test's own beside it, and what may be run in the one. */
export interface Scene {
  readonly sandbox: Sandbox;
  /** Outside. */
  readonly root: string;
  /** A new folder to work in. */
  workdir(): string;
  run(command: readonly string[], more?: Partial<SandboxRequest>): Promise<SandboxResult>;
  node(script: string, more?: Partial<SandboxRequest>): Promise<SandboxResult>;
  shell(script: string, more?: Partial<SandboxRequest>): Promise<SandboxResult>;
  perl(script: string, more?: Partial<SandboxRequest>): Promise<SandboxResult>;
  /** The same script by an operator of its own, which is started with a file left open, as descriptor 200. */
  elsewhere(script: string, left?: string): ChildProcessByStdio<null, Readable, null>;
  close(): void;
}

const littleOperator = join(import.meta.dirname, 'little-operator.ts');

export async function openScene(signal: AbortSignal): Promise<Scene> {
  const bwrap = await debianProgram('bwrap', { signal, progress: () => undefined });
  const sandbox = bubblewrapSandbox({ bwrap: bwrap.path, bwrapEnv: bwrap.env, clock: systemClock });
  const root = mkdtempSync(join(tmpdir(), 'threehops-escape-'));
  const workdir = (): string => mkdtempSync(join(root, 'work-'));
  const run: Scene['run'] = (command, more = {}) => {
    const bounds = { timeoutMs: 30_000, memoryMiB: 256, pids: 64, network: 'None' as const };
    return sandbox.run({ command, workdir: workdir(), ...bounds, ...more }, signal);
  };
  return {
    sandbox,
    root,
    workdir,
    run,
    node: (script, more) => run(['node', '-e', script], more),
    shell: (script, more) => run(['sh', '-c', script], more),
    perl: (script, more) => run(['/usr/bin/perl', '-e', script], more),
    elsewhere(script, left = '/dev/null') {
      const args = [bwrap.path, JSON.stringify(bwrap.env), workdir(), script];
      const leaving = 'open F, "<", shift; POSIX::dup2(fileno(F), 200); exec @ARGV';
      const start = ['-MPOSIX', '-e', leaving, left, process.execPath, littleOperator, ...args];
      return spawn('/usr/bin/perl', start, { stdio: ['ignore', 'pipe', 'ignore'] });
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Processes of this machine whose command line has the mark. */
export function processesWith(mark: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => commandLine(pid).includes(mark));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
