import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { sentAlert, sentWebhook } from '../../helpers/webhook.ts';
import type { StormAlert } from './storm.ts';

export interface Target {
  readonly url: string;
  readonly token: string;
  readonly ca: string;
}

/** What came back, by HTTP status; `broken` is no answer. */
export type Codes = Readonly<Record<string, number>>;

interface Told {
  readonly alert: StormAlert;
  readonly status: 'firing' | 'resolved';
  /** What Alertmanager has had an answer for. */
  readonly sent?: 'firing' | 'resolved';
}

/** By a group's interval, as in production, where they are 30 s and 4 h by 5 min, less the time that nothing happens in. */
const waitShare = 0.125;
const repeatShare = 4;
/** As Alertmanager retries a notification, within its group's interval. */
const firstBackoffMs = 500;
const backoffFactor = 1.5;

/**
 * Sends groups as Alertmanager does: all alerts of a group at once after a wait, again when it has changed or the time to repeat is over, and again
 * with backoff after a 5xx answer or a broken connection. A 4xx is the end of a notification.
 */
export class AlertmanagerDouble {
  readonly #target: Target;
  readonly #intervalMs: number;
  readonly #beganMs: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #groups = new Map<string, Map<string, Told>>();
  readonly #loops: Promise<void>[] = [];
  readonly #codes: Record<string, number> = {};
  readonly #random: () => number;
  /** Alerts whose end was answered for. */
  readonly resolved = new Set<string>();
  #isOver = false;

  /** @param intervalMs between two notifications of a group */
  constructor(target: Target, intervalMs: number, beganMs: number, random: () => number) {
    this.#target = target;
    this.#intervalMs = intervalMs;
    this.#beganMs = beganMs;
    this.#random = random;
  }

  get codes(): Codes {
    return this.#codes;
  }

  /** An alert fires, or has resolved. */
  tell(alert: StormAlert, status: 'firing' | 'resolved', signal: AbortSignal): void {
    for (const key of alert.groups) {
      const group = this.#groups.get(key);
      if (group !== undefined) group.set(alert.fingerprint, { ...group.get(alert.fingerprint), alert, status });
      else {
        const begun = new Map<string, Told>([[alert.fingerprint, { alert, status }]]);
        this.#groups.set(key, begun);
        this.#loops.push(this.#run(key, begun, signal));
      }
    }
  }

  /** No more alerts come: resolves when all groups are told. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#loops);
    this.#agent.destroy();
  }

  async #run(key: string, group: Map<string, Told>, signal: AbortSignal): Promise<void> {
    let repeatedMs = 0;
    await delay(this.#intervalMs * waitShare * (0.5 + this.#random()), undefined, { signal });
    for (;;) {
      const isDue = performance.now() - repeatedMs > repeatShare * this.#intervalMs && group.size > 0 && !this.#isOver;
      if ((hasChanged(group) || isDue) && (await this.#notify(key, group, signal))) repeatedMs = performance.now();
      if (this.#isOver && !hasChanged(group)) return;
      await delay(this.#intervalMs * (0.9 + 0.2 * this.#random()), undefined, { signal });
    }
  }

  /** False where it has to be sent again at the next interval. */
  async #notify(key: string, group: Map<string, Told>, signal: AbortSignal): Promise<boolean> {
    // One that resolved before anybody was told of it is told first.
    const told = [...group].map(([fingerprint, { alert, status, sent }]) => ({
      fingerprint,
      alert,
      status: sent === undefined ? ('firing' as const) : status,
    }));
    const alerts = told.map((one) => this.#wire(one));
    const body = JSON.stringify(sentWebhook(alerts, key));
    const untilMs = performance.now() + this.#intervalMs;
    for (let waitMs = firstBackoffMs; ; waitMs *= backoffFactor) {
      const code = await this.#post(body, signal);
      this.#codes[code] = (this.#codes[code] ?? 0) + 1;
      // A 4xx is the end as well: what was in it is dropped.
      if (code.startsWith('2') || code.startsWith('4')) break;
      if (performance.now() + waitMs > untilMs) return false;
      await delay(waitMs * (0.5 + this.#random()), undefined, { signal });
    }
    for (const { fingerprint, status } of told) this.#arrived(group, fingerprint, status);
    return true;
  }

  #arrived(group: Map<string, Told>, fingerprint: string, status: Told['status']): void {
    const present = group.get(fingerprint);
    if (present === undefined) return;
    if (status === 'resolved') {
      this.resolved.add(fingerprint);
      group.delete(fingerprint);
    } else group.set(fingerprint, { ...present, sent: status });
  }

  #wire({ alert, status }: Pick<Told, 'alert' | 'status'>) {
    const { labels, annotations, fingerprint, atMs, resolvedMs = 0 } = alert;
    const startsAt = new Date(this.#beganMs + atMs).toISOString();
    const ended = status === 'resolved' ? { endsAt: new Date(this.#beganMs + resolvedMs).toISOString() } : {};
    return sentAlert(labels, { status, annotations, fingerprint, startsAt, ...ended });
  }

  async #post(body: string, signal: AbortSignal): Promise<string> {
    const { url, token, ca } = this.#target;
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      authorization: `Bearer ${token}`,
    };
    const answer = Promise.withResolvers<string>();
    const sent = request(url, { method: 'POST', agent: this.#agent, ca, headers, signal }, (response) => {
      text(response).then(
        () => answer.resolve(String(response.statusCode)),
        () => answer.resolve('broken'),
      );
    });
    sent.once('error', () => answer.resolve('broken'));
    sent.end(body);
    const code = await answer.promise;
    signal.throwIfAborted();
    return code;
  }
}

function hasChanged(group: ReadonlyMap<string, Told>): boolean {
  return [...group.values()].some(({ status, sent }) => status !== sent);
}
