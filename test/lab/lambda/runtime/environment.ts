import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { environmentOf } from '../../ecs/runtime/environment.ts';
import type { Keeper } from '../../ecs/runtime/keeper.ts';
import { launch } from '../../ecs/runtime/launch.ts';
import type { ContainerMemory, MemoryLimiter, TaskMemory } from '../../ecs/runtime/memory/limiter.ts';
import { onLines } from '../../ecs/runtime/output-lines.ts';
import type { FunctionDefinition } from '../definition.ts';
import type { Outcome } from '../outcome.ts';
import type { Channel, RuntimeApi } from './runtime-api.ts';

export interface EnvironmentParts {
  readonly api: RuntimeApi;
  readonly limiter: MemoryLimiter;
  readonly keeper: Keeper;
  /** The runtime's program, where any user may read it. */
  readonly bootstrap: string;
  /** A line that the function's code has written. */
  readonly onLine: (environment: Environment, line: string) => void;
}

/** One invocation, as it was. */
export interface Ran {
  /** When it was asked for, in milliseconds since 1970. */
  readonly at: number;
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** Of the first one: what it took to get ready for it. */
  readonly initMs?: number;
}

const timedOut: Outcome = { kind: 'TimedOut' };
const mebibyte = 1024 * 1024;
/** Lambda's own limit for the time before the first invocation. */
const initSeconds = 10;

/** An execution environment: a process under the function's memory limit, which handles one invocation at a time. */
export class Environment {
  readonly definition: FunctionDefinition;
  /** Stream of its log. */
  readonly stream: string;
  readonly #id = randomUUID().replaceAll('-', '');
  readonly #parts: EnvironmentParts;
  readonly #task: TaskMemory;
  readonly #memory: ContainerMemory;
  readonly #channel: Channel;
  readonly #exited: Promise<Outcome>;
  readonly #began = performance.now();
  #pid: number | undefined;
  #mostBytes = 0;
  #isReady = false;
  #isGone = false;

  constructor(definition: FunctionDefinition, folder: string, parts: EnvironmentParts) {
    this.definition = definition;
    this.stream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${this.#id}`;
    this.#parts = parts;
    const bytes = definition.memoryMiB * mebibyte;
    this.#task = parts.limiter.task(this.#id, bytes);
    this.#memory = this.#task.container('runtime', bytes);
    const { address, channel } = parts.api.open(this.#id);
    this.#channel = channel;
    this.#exited = this.#run(folder, address);
  }

  /** Whether no further invocation can be handed to it. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** MiB, the most after an invocation so far. */
  get memoryUsed(): number {
    const { memoryMiB } = this.definition;
    return Math.min(memoryMiB, Math.ceil(this.#mostBytes / mebibyte));
  }

  async invoke(requestId: string, payload: string): Promise<Ran> {
    const at = Date.now();
    const initMs = await this.#initialise();
    if (typeof initMs === 'object') return { at, outcome: initMs, durationMs: 0 };
    const from = performance.now();
    const outcome = await this.#handle(requestId, payload);
    const durationMs = performance.now() - from;
    return { at, outcome, durationMs, ...(initMs === undefined ? {} : { initMs }) };
  }

  async destroy(): Promise<void> {
    this.#isGone = true;
    if (this.#pid !== undefined) killGroup(this.#pid);
    await this.#exited;
  }

  /** The milliseconds that it took, or its end; undefined where it was ready before. */
  async #initialise(): Promise<number | Outcome | undefined> {
    if (this.#isReady) return undefined;
    const ready = this.#channel.ready.then(() => performance.now() - this.#began);
    const first = await this.#within(initSeconds, ready);
    this.#isReady = true;
    return first;
  }

  async #handle(requestId: string, payload: string): Promise<Outcome> {
    const { timeoutSeconds } = this.definition;
    const deadline = new Date(Date.now() + timeoutSeconds * 1000);
    const said = this.#channel
      .invoke({ requestId, payload, deadline })
      .then(({ kind, body }): Outcome => ({ kind: kind === 'Response' ? 'Answered' : 'Failed', body }));
    const outcome = await this.#within(timeoutSeconds, said);
    if (!this.#isGone) this.#mostBytes = Math.max(this.#mostBytes, this.#memory.usageBytes());
    return outcome;
  }

  /** What is late is ended with its process: it would go on otherwise. */
  async #within<T>(seconds: number, work: Promise<T>): Promise<T | Outcome> {
    const over = new AbortController();
    const late = delay(seconds * 1000, undefined, { signal: over.signal }).catch(() => undefined);
    const first = await Promise.race([work, this.#exited, late.then(() => timedOut)]);
    over.abort();
    if (first === timedOut) await this.destroy();
    return first;
  }

  async #run(folder: string, address: string): Promise<Outcome> {
    const { keeper, bootstrap, onLine, api } = this.#parts;
    const env = this.#variables(folder, address);
    const child = launch({ command: ['node', bootstrap], cwd: folder, env, procsFile: this.#memory.procsFile });
    for (const output of [child.stdout, child.stderr]) onLines(output, (line) => onLine(this, line));
    const gone = once(child, 'exit');
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    this.#pid = pid;
    this.#memory.attach(pid);
    keeper.watch(pid);
    if (this.#isGone) killGroup(pid);
    await gone;
    this.#isGone = true;
    // Read before the cgroup is gone.
    const outOfMemory = this.#memory.oomKills() > 0;
    if (outOfMemory) this.#mostBytes = this.definition.memoryMiB * mebibyte;
    api.close(this.#id);
    await this.#memory.remove();
    await this.#task.remove();
    keeper.release(pid);
    return { kind: 'Exited', outOfMemory };
  }

  #variables(folder: string, address: string): Readonly<Record<string, string>> {
    const { name, memoryMiB, handler, environment } = this.definition;
    const own = Object.entries(environment).map(([variable, value]) => ({ name: variable, value }));
    return {
      ...environmentOf({ environment: own }, folder, {}, undefined),
      AWS_LAMBDA_RUNTIME_API: address,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMiB),
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
    };
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
