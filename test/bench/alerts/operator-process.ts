import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { start, type Running } from '../../lab/parts/process.ts';

const program = fileURLToPath(new URL('../../../controller/main.ts', import.meta.url));
const lookMs = 200;

/** The operator as a process, life after life, and the most memory that any of them has had. */
export class OperatorProcess {
  readonly #args: readonly string[];
  readonly #logFile: string;
  #running: Running | undefined;
  #peakMiB = 0;
  #lives = 0;

  constructor(args: readonly string[], logFile: string) {
    this.#args = args;
    this.#logFile = logFile;
  }

  get peakMiB(): number {
    this.#look();
    return this.#peakMiB;
  }

  get lives(): number {
    return this.#lives;
  }

  async start(): Promise<void> {
    this.#lives += 1;
    const args = [program, ...this.#args];
    this.#running = await start(process.execPath, args, { logFile: this.#logFile });
    void this.#watch(this.#running);
  }

  /** As the kernel does when memory is short. */
  async kill(): Promise<void> {
    this.#look();
    const running = this.#running;
    if (running === undefined) return;
    process.kill(running.pid, 'SIGKILL');
    await running.exited;
  }

  async stop(): Promise<void> {
    this.#look();
    const running = this.#running;
    this.#running = undefined;
    await running?.stop(10_000);
  }

  async #watch(running: Running): Promise<void> {
    while (this.#running === running) {
      this.#look();
      await delay(lookMs);
    }
  }

  /** VmHWM is the most that a process has had so far. */
  #look(): void {
    const pid = this.#running?.pid;
    if (pid === undefined) return;
    try {
      const kib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
      this.#peakMiB = Math.max(this.#peakMiB, kib / 1024);
    } catch {
      // It has ended.
    }
  }
}
