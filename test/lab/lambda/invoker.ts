import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ResolveImage } from '../ecs/options.ts';
import { ServiceError } from '../insights/protocol.ts';
import { type FunctionDefinition, readDefinition } from './definition.ts';
import type { Functions } from './functions.ts';
import { wordsOf } from './outcome.ts';
import { Pool } from './pool.ts';
import { Environment, type EnvironmentParts } from './runtime/environment.ts';
import type { Telemetry } from './telemetry.ts';

export interface InvokerParts {
  readonly moto: string;
  readonly functions: Functions;
  readonly environments: EnvironmentParts;
  readonly telemetry: Telemetry;
  readonly resolveImage: ResolveImage;
  readonly signal: AbortSignal;
}

/** What a caller is answered, JSON; `isError` where it is the function's error. */
export interface Invoked {
  readonly body: string;
  readonly isError: boolean;
}

/** Runs invocations: each in an environment that waits, else in a new one, and no more at once than are reserved, or left. */
export class Invoker {
  readonly #parts: InvokerParts;
  readonly #pools = new Map<string, Pool>();
  readonly #definitions = new Map<string, Promise<FunctionDefinition>>();

  constructor(parts: InvokerParts) {
    this.#parts = parts;
  }

  /** The function is read again before its next invocation. */
  forget(name: string): void {
    this.#definitions.delete(name);
  }

  /** @throws ServiceError TooManyRequestsException, ResourceNotFoundException */
  async invoke(name: string, payload: string, headers: IncomingHttpHeaders): Promise<Invoked> {
    const definition = await this.#definition(name, headers);
    const pool = this.#pools.get(name) ?? new Pool();
    this.#pools.set(name, pool);
    this.#admit(name, pool);
    pool.running += 1;
    try {
      return await this.#run(definition, pool, payload);
    } finally {
      pool.running -= 1;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  #definition(name: string, headers: IncomingHttpHeaders): Promise<FunctionDefinition> {
    const { moto, functions } = this.#parts;
    const known = this.#definitions.get(name);
    if (known !== undefined) return known;
    const read = readDefinition(moto, functions, name, headers);
    this.#definitions.set(name, read);
    read.catch(() => this.#definitions.delete(name));
    return read;
  }

  /** @throws ServiceError TooManyRequestsException */
  #admit(name: string, pool: Pool): void {
    const { functions, telemetry } = this.#parts;
    const reserved = functions.reserved(name);
    if (reserved === undefined ? this.#sharing() < functions.unreserved : pool.running < reserved) return;
    telemetry.throttled(name);
    const Reason = `${reserved === undefined ? '' : 'ReservedFunction'}ConcurrentInvocationLimitExceeded`;
    throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', { Type: 'User', Reason }, 429);
  }

  /** Invocations under way of functions without a reservation. */
  #sharing(): number {
    const shared = [...this.#pools].filter(([name]) => this.#parts.functions.reserved(name) === undefined);
    return shared.reduce((sum, [, { running }]) => sum + running, 0);
  }

  async #run(definition: FunctionDefinition, pool: Pool, payload: string): Promise<Invoked> {
    const { telemetry } = this.#parts;
    const environment = pool.take(definition.revision) ?? pool.add(await this.#start(definition));
    const requestId = randomUUID();
    telemetry.started(environment, requestId, pool.running);
    telemetry.shared(this.#sharing());
    const ran = await environment.invoke(requestId, payload);
    const words = wordsOf(ran.outcome, requestId, definition.timeoutSeconds);
    telemetry.ended(environment, requestId, ran, words.line);
    await pool.giveBack(environment);
    if (ran.outcome.kind === 'Answered') return { body: ran.outcome.body, isError: false };
    return { body: words.error ?? '', isError: true };
  }

  async #start(definition: FunctionDefinition): Promise<Environment> {
    const { resolveImage, environments, signal } = this.#parts;
    const { cwd } = await resolveImage(definition.image, signal);
    signal.throwIfAborted();
    return new Environment(definition, cwd, environments);
  }
}
