import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerRecord } from '../model/records.ts';
import { findExecutable } from './executable.ts';
import type { Keeper } from './keeper.ts';
import { launch, type LaunchedProcess } from './launch.ts';
import type { LogLine } from './log-line.ts';
import type { ContainerMemory } from './memory/limiter.ts';
import { onLines } from './output-lines.ts';
import { StartFailure } from './start-failure.ts';

/** Output that a container wrote just before its end may take this long to be read; its children may keep the pipe open. */
const lastOutputMs = 250;

export interface ContainerStart {
  readonly record: ContainerRecord;
  readonly taskId: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly memory: ContainerMemory;
  readonly keeper: Keeper;
  readonly logSink: ((line: LogLine) => void) | undefined;
}

export interface RunningContainer {
  readonly start: ContainerStart;
  /** Resolves when the first process is gone, with exit code and reason in the record. */
  readonly exited: Promise<void>;
  /** To all its processes; nothing when it has ended. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Ends whatever it left behind and gives its resources back. */
  destroy(): Promise<void>;
}

/** Starts a container's process; throws StartFailure with CannotStartContainerError. */
export async function startContainer(start: ContainerStart): Promise<RunningContainer> {
  const { record, cwd, env, command, memory, keeper } = start;
  if (findExecutable(command[0] ?? '', env['PATH'] ?? '', cwd) === undefined) throw cannotStart(start);
  const child = launch({ command, cwd, env, procsFile: memory.procsFile });
  const exited = ended(start, child);
  await once(child, 'spawn').catch((cause: unknown) => {
    throw cannotStart(start, cause);
  });
  const pid = child.pid ?? 0;
  memory.attach(pid);
  keeper.watch(pid);
  record.runtimeId = randomUUID().replaceAll('-', '');
  record.lastStatus = 'RUNNING';
  return {
    start,
    exited,
    kill: (signal) => killGroup(pid, signal),
    destroy: async () => {
      await memory.remove();
      keeper.release(pid);
    },
  };
}

function cannotStart({ record, command }: ContainerStart, cause?: unknown): StartFailure {
  const text = `CannotStartContainerError: failed to create task for container: exec: "${command[0] ?? ''}": executable file not found in $PATH`;
  return new StartFailure(record.name, text, { cause });
}

async function ended(start: ContainerStart, child: LaunchedProcess): Promise<void> {
  const { record, memory } = start;
  readOutput(start, child);
  const closed = once(child, 'close').catch(() => undefined);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('exit', (exitCode, exitSignal) => resolve([exitCode, exitSignal]));
    child.once('error', () => resolve([null, null]));
  });
  // Before anything is waited for: the cgroup must not be gone when its counter is read.
  if (memory.oomKills() > 0) record.reason = 'OutOfMemoryError: Container killed due to memory usage';
  await Promise.race([closed, delay(lastOutputMs)]);
  record.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  record.lastStatus = 'STOPPED';
  record.ready = false;
}

function readOutput({ record, taskId, logSink }: ContainerStart, child: LaunchedProcess): void {
  const { logDriver, options } = record.definition.logConfiguration ?? {};
  const group = options?.['awslogs-group'];
  const prefix = options?.['awslogs-stream-prefix'];
  const stream = prefix === undefined ? (record.runtimeId ?? taskId) : `${prefix}/${record.name}/${taskId}`;
  for (const output of [child.stdout, child.stderr]) {
    if (logSink === undefined || logDriver !== 'awslogs' || group === undefined) output.resume();
    else onLines(output, (message) => logSink({ group, stream, timestamp: Date.now(), message }));
  }
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
