import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';

/** An alert as Alertmanager sends it. */
export interface SentAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

const never = '0001-01-01T00:00:00Z';

export function sentAlert(labels: Readonly<Record<string, string>>, more: Partial<SentAlert> = {}): SentAlert {
  return {
    status: 'firing',
    labels,
    annotations: { summary: `${labels['service'] ?? 'something'} fails` },
    startsAt: '2026-01-02T03:04:05.123456789Z',
    endsAt: more.status === 'resolved' ? '2026-01-02T03:14:05.5Z' : never,
    generatorURL: 'http://prometheus.example.com/graph?g0.expr=up',
    fingerprint: createHash('sha256').update(JSON.stringify(labels)).digest('hex').slice(0, 16),
    ...more,
  };
}

/** Version 4 of Alertmanager's webhook. */
export function sentWebhook(alerts: readonly SentAlert[], groupKey = '{}:{alertname="HighErrors"}'): object {
  return {
    version: '4',
    groupKey,
    truncatedAlerts: 0,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: 'threehops',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.com',
    alerts,
  };
}

export interface Answer {
  readonly code: number;
  readonly body: string;
}

export interface Sending {
  readonly token?: string | undefined;
  readonly ca?: string | undefined;
  readonly method?: string;
  readonly signal?: AbortSignal;
}

/** Posts a body. @throws what breaks the connection. */
export function post(url: string, body: string, { token, ca, method = 'POST', signal }: Sending = {}): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const options = { method, headers, ...(ca === undefined ? {} : { ca }), ...(signal === undefined ? {} : { signal }) };
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, options, (response) => {
      text(response).then((answer) => resolve({ code: response.statusCode ?? 0, body: answer }), reject);
    });
    request.once('error', reject);
    request.end(body);
  });
}
