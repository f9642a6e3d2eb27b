/** The memory of one container, from before its first process until nothing is left of it. */
export interface ContainerMemory {
  /** A process that writes its id here is under the limit, with all it starts; undefined where limits are polled. */
  readonly procsFile: string | undefined;
  /** Tells which process is the container's first; it leads a session of its own. */
  attach(pid: number): void;
  usageBytes(): number;
  /** The processes alive in it. */
  pids(): number[];
  /** How many processes were killed because of the limit. */
  oomKills(): number;
  /** Kills what is left in it and removes it, within two seconds. */
  remove(): Promise<void>;
}

export interface TaskMemory {
  /** Without a limit the container may use what the task may. */
  container(name: string, limitBytes: number | undefined): ContainerMemory;
  remove(): Promise<void>;
}

export type LimiterKind = 'cgroup v1' | 'cgroup v2' | 'polled';

export interface MemoryLimiter {
  readonly kind: LimiterKind;
  /** The cgroup that holds all tasks, for who cleans up after a killed endpoint. */
  readonly folder: string | undefined;
  task(id: string, limitBytes: number | undefined): TaskMemory;
  close(): Promise<void>;
}
