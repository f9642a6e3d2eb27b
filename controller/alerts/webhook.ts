import { Ajv, type ErrorObject } from 'ajv';

/** One alert, with times as RFC 3339 in UTC. */
export interface Alert {
  /** Alertmanager's hash of the labels, hexadecimal. */
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  /** Of one that is resolved. */
  readonly endsAt?: string;
  readonly generatorURL: string;
}

/** What Alertmanager tells at once: alerts of one group. */
export interface AlertGroup {
  readonly groupKey: string;
  /** Alerts that `max_alerts` kept back. */
  readonly truncated: number;
  readonly alerts: readonly Alert[];
}

/** What was sent is no webhook of version 4; sending it again changes nothing. */
export class BadWebhook extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BadWebhook';
  }
}

const texts = { type: 'object', additionalProperties: { type: 'string' } };
const time = { type: 'string', maxLength: 64, format: 'time' };

/**
 * Version 4 as far as it is used; other fields may be there.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
const webhook = {
  type: 'object',
  required: ['version', 'groupKey', 'alerts'],
  properties: {
    version: { const: '4' },
    groupKey: { type: 'string', minLength: 1, maxLength: 65_536 },
    truncatedAlerts: { type: 'integer', minimum: 0 },
    alerts: {
      type: 'array',
      items: {
        type: 'object',
        required: ['status', 'labels', 'startsAt', 'fingerprint'],
        properties: {
          status: { enum: ['firing', 'resolved'] },
          labels: texts,
          annotations: texts,
          startsAt: time,
          endsAt: time,
          generatorURL: { type: 'string' },
          fingerprint: { type: 'string', pattern: '^[0-9a-f]{1,32}$' },
        },
      },
    },
  },
};

/** As it is on the wire. */
interface Webhook {
  readonly groupKey: string;
  readonly truncatedAlerts?: number;
  readonly alerts: readonly (Omit<Alert, 'annotations' | 'generatorURL'> & Partial<Alert>)[];
}

/** RFC 3339, with as many digits of a second as Go writes. */
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const isTime = (text: string): boolean => rfc3339.test(text) && !Number.isNaN(Date.parse(text));
const validate = new Ajv({ formats: { time: isTime } }).compile<Webhook>(webhook);

/** @throws BadWebhook naming the field. */
export function readWebhook(text: string): AlertGroup {
  const value = parsed(text);
  if (!validate(value)) throw new BadWebhook(said(validate.errors?.[0]));
  const { groupKey, truncatedAlerts: truncated = 0, alerts } = value;
  return { groupKey, truncated, alerts: alerts.map(alertOf) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadWebhook('the body is no JSON', { cause });
  }
}

function said(error: ErrorObject | undefined): string {
  const where = error === undefined || error.instancePath === '' ? 'the body' : error.instancePath;
  return `${where} ${error?.message ?? 'is wrong'}`.slice(0, 300);
}

function alertOf({
  startsAt,
  endsAt,
  status,
  annotations = {},
  generatorURL = '',
  ...rest
}: Webhook['alerts'][number]) {
  const ended = status === 'resolved' && endsAt !== undefined ? { endsAt: utc(endsAt) } : {};
  return { ...rest, status, annotations, generatorURL, startsAt: utc(startsAt), ...ended };
}

function utc(time: string): string {
  return new Date(time).toISOString();
}
