import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { start, type Running } from '../../lab/parts/process.ts';

const program = fileURLToPath(new URL('../../../controller/main.ts', import.meta.url));
const lookMs = 200;

/**
 * The operator as a process, life after life, and the most memory that any of them has had. One that ends by itself, as an operator does that
 * has lost its lead, is started again, as a kubelet does.
 */
export class OperatorProcess {
  readonly #args: readonly string[];
  readonly #logFile: string;
  #running: Running | undefined;
  readonly #say: (line: string) => void;
  #peakMiB = 0;
  #kills = 0;
  #ends = 0;

  constructor(args: readonly string[], logFile: string, say: (line: string) => void) {
    this.#args = args;
    this.#logFile = logFile;
    this.#say = say;
  }

  get peakMiB(): number {
    this.#look();
    return this.#peakMiB;
  }

  /** How often it was killed. */
  get kills(): number {
    return this.#kills;
  }

  /** How often it ended by itself. */
  get ends(): number {
    return this.#ends;
  }

  async start(): Promise<void> {
    const args = [program, ...this.#args];
    this.#running = await start(process.execPath, args, { logFile: this.#logFile });
    void this.#watch(this.#running);
    void this.#startAgain(this.#running);
  }

  async #startAgain(running: Running): Promise<void> {
    const code = await running.exited;
    if (this.#running !== running) return;
    this.#ends += 1;
    this.#say(`the operator ended by itself, code ${code}: ${this.#lastLine()}`);
    await this.start();
  }

  #lastLine(): string {
    return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').at(-1)?.slice(0, 500) ?? '';
  }

  /** As the kernel does when memory is short. */
  async kill(): Promise<void> {
    this.#look();
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    this.#kills += 1;
    running.child.kill('SIGKILL');
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
