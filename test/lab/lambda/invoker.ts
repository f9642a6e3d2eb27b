import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ResolveImage } from '../ecs/options.ts';
import { ServiceError } from '../insights/protocol.ts';
import { type FunctionDefinition, readDefinition } from './definition.ts';
import type { Functions } from './functions.ts';
import { Environment, type EnvironmentParts, type Outcome } from './runtime/environment.ts';
import { functionErrorOf, type Telemetry } from './telemetry.ts';

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

/** Of an account, for functions without a reservation. */
const accountConcurrency = 1000;

/** The environments of one function: those that wait for work, the latest used last, and how many work. */
interface Pool {
  idle: Environment[];
  running: number;
}

/** Runs invocations: each in an environment that waits, else in a new one, and no more at once than are reserved. */
export class Invoker {
  readonly #parts: InvokerParts;
  readonly #pools = new Map<string, Pool>();
  readonly #definitions = new Map<string, Promise<FunctionDefinition>>();
  readonly #alive = new Set<Environment>();

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
    const pool = this.#pools.get(name) ?? { idle: [], running: 0 };
    this.#pools.set(name, pool);
    if (pool.running >= (this.#parts.functions.reserved(name) ?? accountConcurrency)) throw this.#throttled(name);
    pool.running += 1;
    try {
      return await this.#run(definition, pool, payload);
    } finally {
      pool.running -= 1;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#alive].map((environment) => environment.destroy()));
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

  #throttled(name: string): ServiceError {
    this.#parts.telemetry.throttled(name);
    const details = { Type: 'User', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' };
    return new ServiceError('TooManyRequestsException', 'Rate Exceeded.', details, 429);
  }

  async #run(definition: FunctionDefinition, pool: Pool, payload: string): Promise<Invoked> {
    const { telemetry } = this.#parts;
    const waiting = this.#takeIdle(definition, pool);
    const environment = waiting ?? (await this.#start(definition));
    const requestId = randomUUID();
    const began = waiting === undefined ? await environment.initialised() : undefined;
    telemetry.started(environment, requestId, pool.running);
    const from = performance.now();
    const outcome = typeof began === 'object' ? began : await environment.invoke(requestId, payload);
    const durationMs = performance.now() - from;
    telemetry.ended(environment, {
      requestId,
      outcome,
      durationMs,
      initMs: typeof began === 'number' ? began : undefined,
    });
    await this.#giveBack(environment, pool);
    return invokedOf(definition, requestId, outcome);
  }

  /** Those of another revision are of no use any more. */
  #takeIdle({ revision }: FunctionDefinition, pool: Pool): Environment | undefined {
    const [fit, old] = [true, false].map((wanted) =>
      pool.idle.filter(({ isGone, definition }) => (!isGone && definition.revision === revision) === wanted),
    );
    for (const environment of old ?? []) void this.#end(environment);
    pool.idle = fit ?? [];
    return pool.idle.pop();
  }

  async #start(definition: FunctionDefinition): Promise<Environment> {
    const { resolveImage, environments, signal } = this.#parts;
    const { cwd } = await resolveImage(definition.image, signal);
    signal.throwIfAborted();
    const environment = new Environment(definition, cwd, environments);
    this.#alive.add(environment);
    return environment;
  }

  async #giveBack(environment: Environment, pool: Pool): Promise<void> {
    if (environment.isGone) await this.#end(environment);
    else pool.idle.push(environment);
  }

  async #end(environment: Environment): Promise<void> {
    await environment.destroy();
    this.#alive.delete(environment);
  }
}

function invokedOf(definition: FunctionDefinition, requestId: string, outcome: Outcome): Invoked {
  const error = functionErrorOf(definition, requestId, outcome);
  if (error !== undefined) return { body: error, isError: true };
  return { body: outcome.kind === 'Answered' ? outcome.body : 'null', isError: false };
}
