import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AlertsConfig } from '../config/config.ts';
import type { Clock } from '../kube/clock.ts';
import { ApiError } from '../kube/errors.ts';
import type { Counter, Log, Metrics } from '../kube/observe.ts';
import { redact } from '../redaction/redact.ts';
import type { Caller, Callers } from './callers.ts';
import { Overloaded } from './overloaded.ts';
import { Places } from './places.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { Unsettled, type AlertReceiver, type Outcome } from './receiver.ts';
import { TokenBuckets } from './token-bucket.ts';
import { BadWebhook, readWebhook, type Alert, type AlertGroup } from './webhook.ts';

export const alertsPath = '/api/v1/alerts';

export interface AlertsRouteOptions {
  readonly receiver: Pick<AlertReceiver, 'receive'>;
  readonly callers: Pick<Callers, 'callerOf'>;
  /** Why no alerts are taken here; undefined where they are. */
  readonly refusal?: string | undefined;
  /** Whether the caches tell what there is. */
  readonly hasSynced: () => boolean;
  readonly limits: Omit<AlertsConfig, 'audience'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

interface Reply {
  readonly code: number;
  readonly text: string;
}

/**
 * Takes Alertmanager's webhook. 2xx says that all of it is stored; 5xx asks for it again, as a 4xx would be the end of it: so 503 is the
 * answer to all that may pass.
 */
export class AlertsRoute {
  readonly #options: AlertsRouteOptions;
  readonly #buckets: TokenBuckets;
  readonly #places: Places;
  readonly #alerts: Counter;
  readonly #requests: Counter;

  constructor(options: AlertsRouteOptions) {
    const { clock, limits, metrics } = options;
    this.#options = options;
    this.#buckets = new TokenBuckets(clock, limits.requestsPerSecond, limits.burst);
    this.#places = new Places(limits.concurrency);
    this.#alerts = metrics.counter('threehops_alerts_total', 'Alerts received, by what became of them.', ['result']);
    this.#requests = metrics.counter('threehops_alert_requests_total', 'Webhooks by HTTP status.', ['code']);
  }

  /** Answers a request for `alertsPath`. Never throws. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { code, text } = await this.#reply(request);
    this.#requests.inc({ code: String(code) });
    if (response.destroyed) return;
    const again = code === 503 ? { 'retry-after': '1' } : {};
    const allow = code === 405 ? { allow: 'POST' } : {};
    const close = request.complete || isShort(request) ? {} : { connection: 'close' };
    response.writeHead(code, { 'content-type': 'application/json', ...again, ...allow, ...close });
    response.end(`${JSON.stringify({ code, message: text })}\n`);
  }

  async #reply(request: IncomingMessage): Promise<Reply> {
    const { refusal, hasSynced, limits, clock } = this.#options;
    if (refusal !== undefined) return { code: 503, text: refusal };
    if (request.method !== 'POST') return { code: 405, text: 'POST a webhook' };
    if (!hasSynced()) return { code: 503, text: 'the caches have not synced' };
    const late = new AbortController();
    const cancel = clock.timer(limits.timeoutSeconds * 1000, () => late.abort(new Overloaded('it took too long')));
    try {
      return await this.#received(request, late.signal);
    } catch (error) {
      return this.#failed(error);
    } finally {
      cancel();
    }
  }

  /** Of who is not known nothing is read, and he takes nobody's place. */
  async #received(request: IncomingMessage, signal: AbortSignal): Promise<Reply> {
    const { callers } = this.#options;
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const address = request.socket.remoteAddress ?? '';
    const caller = token === undefined ? undefined : await callers.callerOf(token, address, signal);
    if (caller === undefined) return { code: 401, text: 'a bearer token that the cluster knows is needed' };
    if (!this.#buckets.take(caller.username)) throw new Overloaded('too many requests');
    return this.#places.with(caller.username, () => this.#stored(request, caller, signal));
  }

  async #stored(request: IncomingMessage, caller: Caller, signal: AbortSignal): Promise<Reply> {
    const { receiver, limits } = this.#options;
    const group = readWebhook(await readBody(request, limits.maxBodyBytes, signal));
    return this.#told(group, caller, await receiver.receive(group, caller, signal));
  }

  #told(group: AlertGroup, caller: Caller, outcomes: ReadonlyMap<Alert, Outcome>): Reply {
    const { log } = this.#options;
    const counts: Partial<Record<Outcome, number>> = {};
    for (const outcome of outcomes.values()) counts[outcome] = (counts[outcome] ?? 0) + 1;
    for (const [result, count] of Object.entries(counts)) this.#alerts.inc({ result }, count);
    const about = { user: caller.username, groupKey: redact(group.groupKey).slice(0, 500) };
    if (group.truncated > 0) log.warn('alertmanager kept alerts back', { ...about, alerts: group.truncated });
    if (counts.unmatched !== undefined) log.info('alerts match no map', { ...about, alerts: counts.unmatched });
    if (counts.forbidden !== undefined) {
      log.warn('alerts may not be sent for their namespaces', { ...about, alerts: counts.forbidden });
    }
    const isRefused = counts.forbidden !== undefined && counts.forbidden + (counts.unmatched ?? 0) === outcomes.size;
    return { code: isRefused ? 403 : 200, text: JSON.stringify(counts) };
  }

  #failed(error: unknown): Reply {
    if (error instanceof BadWebhook) return { code: 400, text: error.message };
    if (error instanceof BodyTooLarge) return { code: 413, text: error.message };
    if (error instanceof Overloaded) return { code: 503, text: error.message };
    this.#options.log.warn('alerts could not be taken', { error, causes: causesOf(error) });
    return {
      code: causesOf(error).every(mayPass) ? 503 : 500,
      text: 'the alerts could not be stored: send them again',
    };
  }
}

/** Of a body that was not read so much is read and thrown away by the server, which costs less than a new connection; more ends it. */
const shortBytes = 65_536;

function isShort({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) <= shortBytes;
}

function causesOf(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? (error.errors as readonly unknown[]) : [error];
}

function mayPass(error: unknown): boolean {
  return error instanceof ApiError || error instanceof Overloaded || error instanceof Unsettled;
}
