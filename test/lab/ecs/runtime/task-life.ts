import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerRecord, TaskRecord } from '../model/records.ts';
import type { EcsOptions, EcsTiming, ResolvedImage } from '../options.ts';
import { commandOf } from './container-command.ts';
import { environmentOf } from './environment.ts';
import type { Keeper } from './keeper.ts';
import type { MemoryLimiter, TaskMemory } from './memory/limiter.ts';
import { startContainer, type RunningContainer } from './running-container.ts';
import { StartFailure } from './start-failure.ts';
import type { TaskPorts } from './task-ports.ts';

const mebibyte = 1024 * 1024;

export interface TaskParts {
  readonly options: EcsOptions;
  readonly timing: EcsTiming;
  readonly limiter: MemoryLimiter;
  readonly keeper: Keeper;
  readonly ports: TaskPorts;
  /** Resolves when a stopping task has no requests under way any more. */
  readonly drained: (task: TaskRecord) => Promise<void>;
}

/** What a task holds while it lives. */
export interface TaskHoldings {
  memory: TaskMemory | undefined;
  readonly containers: RunningContainer[];
}

function memoryOfTask(task: TaskRecord, limiter: MemoryLimiter): TaskMemory {
  const { memory } = task.taskDefinition.definition;
  return limiter.task(task.id, memory === undefined ? undefined : Number(memory) * mebibyte);
}

/** PROVISIONING to RUNNING; throws StartFailure, or the signal's reason when the task is stopped meanwhile. */
export async function bringUp(
  task: TaskRecord,
  held: TaskHoldings,
  parts: TaskParts,
  signal: AbortSignal,
): Promise<void> {
  await delay(parts.timing.provisioningMs, undefined, { signal });
  const taskMemory = memoryOfTask(task, parts.limiter);
  held.memory = taskMemory;
  move(task, 'PENDING');
  task.pullStartedAt = new Date();
  const images: ResolvedImage[] = [];
  for (const container of task.containers) images.push(await pull(container, parts, signal));
  task.pullStoppedAt = new Date();
  for (const [index, record] of task.containers.entries()) {
    signal.throwIfAborted();
    const image = images[index];
    if (image !== undefined) held.containers.push(await startOne(task, record, image, taskMemory, parts));
  }
  signal.throwIfAborted();
  task.startedAt = new Date();
  move(task, 'RUNNING');
}

/** To STOPPED: lets requests end, then SIGTERM, then SIGKILL; nothing of the task is left afterwards. */
export async function bringDown(
  task: TaskRecord,
  held: TaskHoldings,
  parts: TaskParts,
  signal: AbortSignal,
): Promise<void> {
  if (task.lastStatus === 'RUNNING' && !signal.aborted) {
    move(task, 'DEACTIVATING');
    await parts.drained(task);
  }
  move(task, 'STOPPING');
  await Promise.all(held.containers.map((container) => end(container, parts.timing, signal)));
  task.executionStoppedAt = new Date();
  // What cannot be removed now (a process in an uninterruptible wait) is removed by the keeper in the end.
  await Promise.allSettled(held.containers.map((container) => container.destroy()));
  await Promise.allSettled([held.memory?.remove()]);
  for (const container of task.containers) {
    container.lastStatus = 'STOPPED';
    if (container.port !== undefined) parts.ports.giveBack(container.port);
  }
  task.stoppedAt = new Date();
  move(task, 'STOPPED');
}

export function move(task: TaskRecord, status: TaskRecord['lastStatus']): void {
  task.lastStatus = status;
  task.version += 1;
}

async function pull(
  { name, definition }: ContainerRecord,
  parts: TaskParts,
  signal: AbortSignal,
): Promise<ResolvedImage> {
  const image = definition.image ?? '';
  try {
    return await parts.options.resolveImage(image, signal);
  } catch (cause) {
    signal.throwIfAborted();
    const detail = cause instanceof Error ? cause.message : String(cause);
    const text = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${detail}`;
    throw new StartFailure(name, text, { cause });
  }
}

async function startOne(
  task: TaskRecord,
  record: ContainerRecord,
  image: ResolvedImage,
  taskMemory: TaskMemory,
  parts: TaskParts,
): Promise<RunningContainer> {
  const { definition } = record;
  if ((definition.portMappings ?? []).length > 0) record.port = await parts.ports.take();
  const lab = parts.options.taskEnvironment?.(identify(task, record)) ?? {};
  const limitBytes = definition.memory === undefined ? undefined : definition.memory * mebibyte;
  const memory = taskMemory.container(record.name, limitBytes);
  const starting = startContainer({
    record,
    taskId: task.id,
    command: commandOf(definition, image),
    cwd: image.cwd,
    env: environmentOf(definition, image.cwd, lab, record.port),
    memory,
    keeper: parts.keeper,
    logSink: parts.options.logSink,
  });
  return starting.catch(async (error: unknown) => {
    await memory.remove();
    throw error;
  });
}

function identify(task: TaskRecord, { name, definition }: ContainerRecord) {
  const { family, revision } = task.taskDefinition;
  return {
    taskArn: task.arn,
    taskId: task.id,
    cluster: task.cluster.name,
    service: task.service.name,
    family,
    revision,
    container: name,
    image: definition.image ?? '',
  };
}

async function end(container: RunningContainer, timing: EcsTiming, signal: AbortSignal): Promise<void> {
  const { record } = container.start;
  const seconds = record.definition.stopTimeout;
  const patience = seconds === undefined ? timing.stopTimeoutMs : seconds * timing.definitionSecondMs;
  container.kill(signal.aborted ? 'SIGKILL' : 'SIGTERM');
  const late = new AbortController();
  const killer = delay(patience, undefined, { signal: AbortSignal.any([late.signal, signal]) })
    .catch(() => undefined)
    .then(() => (late.signal.aborted ? undefined : container.kill('SIGKILL')));
  await container.exited;
  late.abort();
  await killer;
}
