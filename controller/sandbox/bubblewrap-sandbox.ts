import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../kube/clock.ts';
import type { Machine } from './bubblewrap.ts';
import { makeCgroup, readLayout, type Cgroup } from './cgroup.ts';
import { watchDisk } from './disk.ts';
import { giveAway, removeWritten } from './give-away.ts';
import { BoundedOutput } from './output.ts';
import {
  SandboxError,
  usualDiskMiB,
  type Sandbox,
  type SandboxedProcess,
  type SandboxRequest,
  type SandboxResult,
  type SandboxUnavailable,
  type StartRequest,
} from './sandbox.ts';
import { exited, killGroup, spawnIn } from './spawn.ts';

export interface BubblewrapOptions {
  /** The program bubblewrap. */
  readonly bwrap: string;
  /** What it needs beside an empty environment, such as LD_LIBRARY_PATH. */
  readonly bwrapEnv?: Readonly<Record<string, string>>;
  /** Who runs the commands when we are root; by default 65534, the user who owns nothing. */
  readonly uid?: number;
  /** The node that commands find first; ours by default. */
  readonly nodePath?: string;
  readonly clock: Clock;
}

const nobody = 65_534;
/** In the one folder: as many as the dependencies of a large repository have. */
const mostFiles = 150_000;

/** Commands on this machine, by bubblewrap, in control groups that bound their memory and number. */
export function bubblewrapSandbox(options: BubblewrapOptions): Sandbox {
  return {
    available: (signal) => obstacleOf(options, signal),
    async run(request, signal) {
      const missing = await missingPart(options);
      if (missing !== undefined) throw new SandboxError(missing);
      return runBounded(options, request, signal);
    },
    async start(request, signal) {
      const missing = await missingPart(options);
      if (missing !== undefined) throw new SandboxError(missing);
      return startBounded(options, request, signal);
    },
  };
}

/** Runs the simplest command for real: whether namespaces and groups can be had is not written down anywhere. */
async function obstacleOf(options: BubblewrapOptions, signal: AbortSignal): Promise<SandboxUnavailable | undefined> {
  const missing = await missingPart(options);
  if (missing !== undefined) return missing;
  const workdir = await mkdtemp(join(tmpdir(), 'threehops-sandbox-'));
  try {
    const trial = { workdir, timeoutMs: 10_000, memoryMiB: 256, pids: 32, network: 'None' as const };
    const { exitCode, output } = await runBounded(options, { ...trial, command: ['/usr/bin/env', 'true'] }, signal);
    return exitCode === 0 ? undefined : { obstacle: 'BubblewrapFails', reason: output.trim().slice(0, 300) };
  } catch (error) {
    if (error instanceof SandboxError) return { obstacle: error.obstacle, reason: error.message };
    throw error;
  } finally {
    await removeWritten(workdir);
  }
}

async function missingPart({ bwrap }: BubblewrapOptions): Promise<SandboxUnavailable | undefined> {
  if (process.platform !== 'linux') return { obstacle: 'NotLinux', reason: `${process.platform} has no namespaces` };
  if ((await pathOf(bwrap)) === undefined) return { obstacle: 'NoBubblewrap', reason: `${bwrap} is not a program` };
  if (process.getuid?.() === 0 && (await pathOf(setpriv)) === undefined) {
    return { obstacle: 'NoSetpriv', reason: `${setpriv} is needed to run commands as another user` };
  }
  return undefined;
}

const setpriv = '/usr/bin/setpriv';

/** The path of a program; a bare name is looked for on PATH as the shell would. Undefined where there is none. */
async function pathOf(program: string): Promise<string | undefined> {
  const folders = program.includes('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of folders) {
    const path = join(folder, program);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function runBounded(
  options: BubblewrapOptions,
  request: SandboxRequest,
  signal: AbortSignal,
): Promise<SandboxResult> {
  signal.throwIfAborted();
  const machine = await machineOf(options);
  if (machine.isRoot) await giveAway(request.workdir, machine.uid);
  const cgroup = await groupFor(request, options.clock);
  try {
    return await runIn(cgroup, machine, options, request, signal);
  } finally {
    await cgroup.remove();
  }
}

/** The environment that it is started with has no PATH, so that programs go by their paths. */
async function machineOf({ bwrap, uid, nodePath }: BubblewrapOptions): Promise<Machine> {
  return {
    bwrap: (await pathOf(bwrap)) ?? bwrap,
    setpriv,
    uid: uid ?? nobody,
    isRoot: process.getuid?.() === 0,
    nodePath: nodePath ?? process.execPath,
  };
}

async function groupFor(request: StartRequest, clock: Clock): Promise<Cgroup> {
  try {
    const layout = await readLayout();
    if (layout !== undefined) return await makeCgroup(layout, request, clock);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SandboxError({ obstacle: 'NoCgroups', reason: `no group with limits can be made: ${reason}` }, { cause });
  }
  throw new SandboxError({ obstacle: 'NoCgroups', reason: 'no memory and pids controllers are mounted' });
}

async function startBounded(
  options: BubblewrapOptions,
  request: StartRequest,
  signal: AbortSignal,
): Promise<SandboxedProcess> {
  signal.throwIfAborted();
  const machine = await machineOf(options);
  if (machine.isRoot) await giveAway(request.workdir, machine.uid);
  const cgroup = await groupFor(request, options.clock);
  const child = await startIn(cgroup, machine, options, request, signal);
  // The group is in the way of the next one for as long as it is there, however the command ended.
  const gone = exitedAndLeft(child, cgroup);
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    exited: gone,
    async kill() {
      killGroup(child);
      await gone;
    },
  };
}

/** Leaves no group behind where nothing is started in it. */
async function startIn(
  cgroup: Cgroup,
  machine: Machine,
  { bwrapEnv = {}, clock }: BubblewrapOptions,
  request: StartRequest,
  signal: AbortSignal,
): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  try {
    signal.throwIfAborted();
    const child = spawnIn({ cgroup, machine, bwrapEnv, stdio: ['pipe', 'pipe', 'ignore'] }, request);
    const disk = boundDisk(child, cgroup, request, clock);
    child.once('close', () => disk.stop());
    return child as ChildProcessByStdio<Writable, Readable, null>;
  } catch (error) {
    await cgroup.remove();
    throw error;
  }
}

/** Kills what takes up too much of the disk. */
function boundDisk(
  child: ChildProcess,
  cgroup: Cgroup,
  { workdir, diskMiB = usualDiskMiB }: StartRequest,
  clock: Clock,
): { readonly exceeded: boolean; stop(): void } {
  let exceeded = false;
  const onExceeded = (): void => {
    exceeded = true;
    killGroup(child);
  };
  const limit = {
    folder: workdir,
    mebibytes: diskMiB,
    entries: mostFiles,
    processes: () => cgroup.members(),
    onExceeded,
  };
  const stop = watchDisk(limit, clock);
  return {
    get exceeded() {
      return exceeded;
    },
    stop,
  };
}

async function exitedAndLeft(child: ChildProcess, cgroup: Cgroup): Promise<number> {
  try {
    return await exited(child);
  } finally {
    await cgroup.remove();
  }
}

async function runIn(
  cgroup: Cgroup,
  machine: Machine,
  options: BubblewrapOptions,
  request: SandboxRequest,
  signal: AbortSignal,
): Promise<SandboxResult> {
  const { clock, bwrapEnv = {} } = options;
  const child = spawnIn({ cgroup, machine, bwrapEnv, stdio: ['ignore', 'pipe', 'pipe'] }, request);
  const output = new BoundedOutput();
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.add(chunk));
  let timedOut = false;
  const cancel = clock.timer(request.timeoutMs, () => {
    timedOut = true;
    killGroup(child);
  });
  const disk = boundDisk(child, cgroup, request, clock);
  const onAbort = (): void => killGroup(child);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const exitCode = await exited(child);
    signal.throwIfAborted();
    const oomKilled = await cgroup.oomKilled();
    const told = { exitCode, output: output.text(), truncatedBytes: output.truncatedBytes, timedOut, oomKilled };
    return disk.exceeded ? { ...told, diskExceeded: true } : told;
  } finally {
    cancel();
    disk.stop();
    signal.removeEventListener('abort', onAbort);
  }
}
