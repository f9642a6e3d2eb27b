import { createHash } from 'node:crypto';
import type { KubeClient } from './client.ts';
import type { Clock } from './clock.ts';
import { isAborted } from './control-errors.ts';
import { AlreadyExists, isPermanent } from './errors.ts';
import { EventBudget } from './event-budget.ts';
import { microTime } from './micro-time.ts';
import type { KubeObject } from './object.ts';
import type { Counter, Log, Metrics } from './observe.ts';
import { resource } from './resource.ts';
import type { ResourceClient } from './resource-client.ts';
import { headOf, redact } from '../redaction/redact.ts';

/** What happened to an object. */
export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase: why; at most 128 characters. */
  readonly reason: string;
  /** CamelCase: what was done or tried; at most 128 characters. */
  readonly action: string;
  /** For people; cut at 1,024 characters. */
  readonly note: string;
  /** What makes this occurrence another one than an equal note before, such as the iteration. A replay says the same and is one event. */
  readonly occurrence?: string;
}

/** An event as events.k8s.io/v1 has it. */
export interface KubeEvent extends KubeObject {
  readonly eventTime: string;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly action: string;
  readonly reason: string;
  readonly type: 'Normal' | 'Warning';
  readonly note: string;
  readonly regarding: object;
}

export const kubeEvents = resource<KubeEvent>('events.k8s.io', 'v1', 'events', 'Event');

export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** `threehops.dev/debugsession-controller`, say. */
  readonly controller: string;
  /** This process; the Pod's name. */
  readonly instance: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const maxNote = 1024;
const maxWaiting = 1000;
const tries = 3;

/**
 * Records events without making a reconciliation wait or fail for them. Names are made of what is said, so that saying it again after
 * a crash is AlreadyExists: counted, not thrown. Bounded for each object and in all: what is too much is counted and dropped.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #client: ResourceClient<KubeEvent>;
  readonly #outcomes: Counter;
  readonly #budget: EventBudget;
  readonly #waiting: KubeEvent[] = [];
  #wake = Promise.withResolvers<void>();
  #idle = Promise.withResolvers<void>();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#client = options.client.resource(kubeEvents);
    this.#budget = new EventBudget(options.clock);
    const help = 'Events by what became of them: recorded, repeated, dropped or failed.';
    this.#outcomes = options.metrics.counter('threehops_events_total', help, ['outcome']);
  }

  /** Says what happened to `object`. Never throws. */
  record(object: KubeObject, event: EventNote): void {
    const uid = object.metadata?.uid ?? '';
    if (this.#waiting.length >= maxWaiting || !this.#budget.take(uid)) {
      this.#outcomes.inc({ outcome: 'dropped' });
      return;
    }
    if (this.#waiting.length === 0) this.#idle = Promise.withResolvers<void>();
    this.#waiting.push(this.#eventFor(object, event));
    this.#wake.resolve();
  }

  /** Sends what was recorded until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#wake.resolve();
    signal.addEventListener('abort', stop, { once: true });
    while (!signal.aborted) {
      const event = this.#waiting[0];
      if (event === undefined) await this.#rest();
      else await this.#sendFirst(event, signal);
    }
    signal.removeEventListener('abort', stop);
    this.#idle.resolve();
  }

  /** Resolves once all that was recorded is sent, or `run` has ended; rejects with the signal's reason. For a graceful stop. */
  async flush(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#waiting.length === 0) return;
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#idle.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Tells those who flush, and waits for the next event. */
  async #rest(): Promise<void> {
    this.#idle.resolve();
    await this.#wake.promise;
    this.#wake = Promise.withResolvers<void>();
  }

  async #sendFirst(event: KubeEvent, signal: AbortSignal): Promise<void> {
    this.#outcomes.inc({ outcome: await this.#send(event, signal) });
    this.#waiting.shift();
  }

  async #send(event: KubeEvent, signal: AbortSignal): Promise<'recorded' | 'repeated' | 'failed'> {
    const { clock, log } = this.#options;
    for (let left = tries; left > 0; left -= 1) {
      try {
        await this.#client.create(event, signal);
        return 'recorded';
      } catch (error) {
        if (error instanceof AlreadyExists) return 'repeated';
        if (left === 1 || isPermanent(error) || isAborted(error, signal)) {
          log.warn('an event could not be recorded', { reason: event.reason, error });
          return 'failed';
        }
        await clock.sleep(500 * (1 + clock.random()), signal).catch(() => undefined);
      }
    }
    return 'failed';
  }

  #eventFor(object: KubeObject, { occurrence = '', ...event }: EventNote): KubeEvent {
    const { apiVersion, kind } = object;
    const { name = '', namespace, uid, resourceVersion } = object.metadata ?? {};
    const said = redact(event.note);
    const note = said.length > maxNote ? `${headOf(said, maxNote - 1)}…` : said;
    const identity = [uid, event.type, event.reason, event.action, note, occurrence];
    const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
    return {
      metadata: { name: `${name.slice(0, 200)}.${digest}`, namespace: namespace ?? 'default' },
      ...event,
      note,
      eventTime: microTime(this.#options.clock.now()),
      reportingController: this.#options.controller,
      reportingInstance: this.#options.instance.slice(0, 128),
      regarding: { apiVersion, kind, name, namespace, uid, resourceVersion },
    };
  }
}
