import { randomUUID } from 'node:crypto';
import { ServiceError } from '../insights/protocol.ts';

/** A function's configuration as Lambda's API writes it; what else is in it is handed on as it is. */
export interface Configuration {
  readonly FunctionName: string;
  readonly Version: string;
  readonly [member: string]: unknown;
}

export const latest = '$LATEST';

interface Kept {
  readonly RevisionId: string;
  readonly LastModified: string;
  readonly DeadLetterConfig?: unknown;
}

/** What moto does not keep of functions and their account: concurrency, revisions, when one was changed last, dead-letter targets, and a reservation of none. */
export class Functions {
  readonly #kept = new Map<string, Kept>();
  readonly #reserved = new Map<string, number>();
  /** Executions that may run at once, of all functions together. */
  readonly concurrency: number;

  constructor(concurrency: number) {
    this.concurrency = concurrency;
  }

  /**
   * `$LATEST` becomes another one. Of two changes of one revision the second is refused, as the first has taken it by then.
   * @throws ServiceError PreconditionFailedException
   */
  change(name: string, input: Readonly<Record<string, unknown>>): void {
    const before = this.#kept.get(keyOf(name, latest));
    const { RevisionId, DeadLetterConfig = before?.DeadLetterConfig } = input;
    if (before !== undefined && typeof RevisionId === 'string' && RevisionId !== before.RevisionId) throw stale();
    const dead = DeadLetterConfig === undefined ? {} : { DeadLetterConfig };
    this.#kept.set(keyOf(name, latest), { RevisionId: randomUUID(), LastModified: timeNow(), ...dead });
  }

  /** A version is `$LATEST` as it was, with a revision of its own. */
  publish(name: string, version: string): void {
    const from = this.#kept.get(keyOf(name, latest));
    const key = keyOf(name, version);
    if (from !== undefined && !this.#kept.has(key)) this.#kept.set(key, { ...from, RevisionId: randomUUID() });
  }

  reserve(name: string, concurrency: number | undefined): void {
    if (concurrency === undefined) this.#reserved.delete(name);
    else this.#reserved.set(name, concurrency);
  }

  reserved(name: string): number | undefined {
    return this.#reserved.get(name);
  }

  /** What the functions without a reservation share. */
  get unreserved(): number {
    return [...this.#reserved.values()].reduce((left, one) => left - one, this.concurrency);
  }

  /** A configuration of moto's with what it lacks. */
  complete(configuration: Configuration): Configuration {
    return { ...configuration, ...this.#kept.get(keyOf(configuration.FunctionName, configuration.Version)) };
  }
}

function keyOf(name: string, version: string): string {
  return `${name}:${version}`;
}

/** As Lambda writes times. */
function timeNow(): string {
  return new Date().toISOString().replace('Z', '+0000');
}

function stale(): ServiceError {
  const message = 'The Revision Id provided does not match the latest Revision Id. Call the GetFunction API again.';
  return new ServiceError('PreconditionFailedException', message, { Type: 'User' }, 412);
}
