import type { StopReason, TaskRecord } from '../model/records.ts';
import { bringDown, bringUp, type TaskHoldings, type TaskParts } from './task-life.ts';
import { StartFailure } from './start-failure.ts';
import { watchHealth } from './watch-health.ts';
import type { RunningContainer } from './running-container.ts';

export interface RunnerEvents {
  /** A task is STOPPED and nothing of it is left. */
  readonly onStopped: (task: TaskRecord) => void;
  /** Something about a task changed that the scheduler may act on. */
  readonly onChange: () => void;
}

interface Life {
  readonly stopping: AbortController;
  readonly held: TaskHoldings;
  readonly done: Promise<void>;
}

/** Runs tasks as processes and keeps their records true. */
export class TaskRunner {
  readonly #parts: TaskParts;
  readonly #events: RunnerEvents;
  readonly #signal: AbortSignal;
  readonly #lives = new Map<TaskRecord, Life>();

  /** `signal` makes an end of all tasks without patience. */
  constructor(parts: TaskParts, events: RunnerEvents, signal: AbortSignal) {
    this.#parts = parts;
    this.#events = events;
    this.#signal = signal;
  }

  start(task: TaskRecord): void {
    const stopping = new AbortController();
    const held: TaskHoldings = { memory: undefined, containers: [] };
    const done = this.#live(task, held, stopping.signal);
    this.#lives.set(task, { stopping, held, done });
  }

  /** The first reason counts; a task that is already on its way out keeps it. */
  stop(task: TaskRecord, stop: StopReason): void {
    if (task.stop !== undefined) return;
    task.stop = stop;
    task.desiredStatus = 'STOPPED';
    task.stoppingAt = new Date();
    task.readySince = undefined;
    this.#lives.get(task)?.stopping.abort();
  }

  containersOf(task: TaskRecord): readonly RunningContainer[] {
    return this.#lives.get(task)?.held.containers ?? [];
  }

  async closeAll(stop: StopReason): Promise<void> {
    const lives = [...this.#lives];
    for (const [task] of lives) this.stop(task, stop);
    await Promise.all(lives.map(([, { done }]) => done));
  }

  async #live(task: TaskRecord, held: TaskHoldings, stopping: AbortSignal): Promise<void> {
    try {
      await bringUp(task, held, this.#parts, stopping);
      this.#events.onChange();
      await this.#untilItEnds(task, held, stopping);
    } catch (error) {
      if (!stopping.aborted) this.stop(task, startFailure(task, error));
    }
    await bringDown(task, held, this.#parts, this.#signal);
    this.#lives.delete(task);
    this.#events.onStopped(task);
  }

  async #untilItEnds(task: TaskRecord, held: TaskHoldings, stopping: AbortSignal): Promise<void> {
    const changed = (): void => this.#noteReadiness(task);
    const watches = held.containers.map((container) =>
      watchHealth(container, this.#parts.timing, stopping, changed).catch((error: unknown) => {
        if (!stopping.aborted) throw error;
      }),
    );
    const essential = held.containers.filter(({ start }) => start.record.definition.essential !== false);
    const asked = new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([asked, ...essential.map(({ exited }) => exited)]);
    this.stop(task, {
      code: 'EssentialContainerExited',
      reason: 'Essential container in task exited',
      isFailure: true,
    });
    await Promise.all(watches);
  }

  #noteReadiness(task: TaskRecord): void {
    const essential = task.containers.filter(({ definition }) => definition.essential !== false);
    const isReady = task.desiredStatus === 'RUNNING' && essential.every(({ ready }) => ready);
    task.readySince = isReady ? (task.readySince ?? Date.now()) : undefined;
    if (!isReady) task.steady = false;
    this.#events.onChange();
  }
}

function startFailure(task: TaskRecord, error: unknown): StopReason {
  const reason = error instanceof Error ? error.message : String(error);
  const failed = task.containers.find(({ name }) => error instanceof StartFailure && name === error.container);
  if (failed !== undefined) failed.reason = reason;
  return { code: 'TaskFailedToStart', reason, isFailure: true };
}
