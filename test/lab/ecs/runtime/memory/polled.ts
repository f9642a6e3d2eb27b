import type { ContainerMemory, MemoryLimiter, TaskMemory } from './limiter.ts';
import { allProcesses, killProcess, privateBytes, type ProcessStat } from './processes.ts';

const pollMs = 100;

/**
 * The fallback without cgroups: adds up the resident memory of each container's session, without what it shares with other
 * programs' files, and kills the session when it is over the limit. What is allocated and freed between two looks is not seen.
 */
export function polledLimiter(): MemoryLimiter {
  const tasks = new Set<PolledTask>();
  const timer = setInterval(() => {
    if (tasks.size === 0) return;
    const processes = allProcesses();
    for (const task of tasks) task.enforce(processes);
  }, pollMs);
  return {
    kind: 'polled',
    folder: undefined,
    task: (_id, limitBytes) => {
      const task = new PolledTask(limitBytes, () => tasks.delete(task));
      tasks.add(task);
      return task;
    },
    close: async () => clearInterval(timer),
  };
}

class PolledTask implements TaskMemory {
  readonly #limitBytes: number | undefined;
  readonly #forget: () => void;
  readonly #containers: PolledContainer[] = [];

  constructor(limitBytes: number | undefined, forget: () => void) {
    this.#limitBytes = limitBytes;
    this.#forget = forget;
  }

  container(_name: string, limitBytes: number | undefined): ContainerMemory {
    const container = new PolledContainer(limitBytes);
    this.#containers.push(container);
    return container;
  }

  async remove(): Promise<void> {
    this.#forget();
  }

  enforce(processes: readonly ProcessStat[]): void {
    const used = this.#containers.map((container) => container.enforce(processes));
    const total = used.reduce((sum, bytes) => sum + bytes, 0);
    if (this.#limitBytes === undefined || total <= this.#limitBytes) return;
    const largest = used.indexOf(Math.max(...used));
    this.#containers[largest]?.killForMemory();
  }
}

class PolledContainer implements ContainerMemory {
  readonly procsFile = undefined;
  readonly #limitBytes: number | undefined;
  #leader: number | undefined;
  #usage = 0;
  #kills = 0;

  constructor(limitBytes: number | undefined) {
    this.#limitBytes = limitBytes;
  }

  attach(pid: number): void {
    this.#leader = pid;
  }

  usageBytes(): number {
    return this.#usage;
  }

  pids(): number[] {
    return this.#members(allProcesses()).map(({ pid }) => pid);
  }

  oomKills(): number {
    return this.#kills;
  }

  async remove(): Promise<void> {
    for (const pid of this.pids()) killProcess(pid);
  }

  enforce(processes: readonly ProcessStat[]): number {
    this.#usage = this.#members(processes).reduce((sum, { pid }) => sum + privateBytes(pid), 0);
    if (this.#limitBytes !== undefined && this.#usage > this.#limitBytes) this.killForMemory();
    return this.#usage;
  }

  killForMemory(): void {
    const pids = this.pids();
    this.#kills += pids.length;
    for (const pid of pids) killProcess(pid);
  }

  #members(processes: readonly ProcessStat[]): ProcessStat[] {
    return this.#leader === undefined ? [] : processes.filter(({ session }) => session === this.#leader);
  }
}
