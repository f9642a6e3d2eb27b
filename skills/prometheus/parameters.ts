import type { Aspect } from '../../controller/evidence/finding.ts';
import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import type { Worse } from '../lib/anomaly.ts';
import type { Doubt } from '../skill.ts';
import { listOf, numberOf, objectOf, textOf } from '../lib/reading.ts';

/** A PromQL expression that the node is watched by. */
export interface WatchedQuery {
  readonly name: string;
  readonly query: string;
  /** Its own baseline judges it where none is given. */
  readonly threshold?: number;
  readonly aspect: Aspect;
  readonly worse: Worse;
  readonly unit: string;
}

export type Labels = Readonly<Record<string, string>>;

export interface PrometheusSettings {
  readonly url?: string;
  readonly queries: readonly WatchedQuery[];
  /** Undefined: alerts are not looked at. */
  readonly alerts?: Labels;
  readonly targets?: Labels;
  readonly baselineSeconds: number;
  readonly stepSeconds: number;
}

const defaults = { baselineSeconds: 900, stepSeconds: 15 };

/** An empty set would be everybody's. */
const labels: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['matchLabels'],
  properties: {
    matchLabels: {
      type: 'object',
      minProperties: 1,
      maxProperties: 20,
      propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$', maxLength: 100 },
      additionalProperties: { type: 'string', maxLength: 255 },
    },
  },
};

const query: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'query', 'aspect'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100 },
    query: { type: 'string', minLength: 1, maxLength: 2000, description: 'PromQL that answers one series or a few' },
    threshold: { type: 'number', description: 'Judged by its own baseline when left out' },
    aspect: { enum: ['Latency', 'Errors', 'Availability', 'Traffic', 'Saturation'] },
    worse: { enum: ['Up', 'Down'], default: 'Up', description: 'The direction that is bad' },
    unit: { type: 'string', maxLength: 30 },
  },
};

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  anyOf: [{ required: ['queries'] }, { required: ['alerts'] }, { required: ['targets'] }],
  properties: {
    url: {
      type: 'string',
      pattern: '^https?://[^@/?#]+(/[^@?#]*)?$',
      maxLength: 1024,
      description: 'Base URL without credentials; what the server is set to when left out',
    },
    queries: { type: 'array', minItems: 1, maxItems: 20, items: query },
    alerts: { ...labels, description: 'Alerts with all of these labels are of this node' },
    targets: { ...labels, description: 'Scrape targets with all of these labels are of this node' },
    windowSeconds: {
      type: 'integer',
      minimum: 30,
      maximum: 604800,
      default: defaults.baselineSeconds,
      description: 'How much time before the window is looked at for what is normal',
    },
    stepSeconds: {
      type: 'integer',
      minimum: 1,
      maximum: 3600,
      default: defaults.stepSeconds,
      description: 'Between two points; longer where the time would hold more than 360',
    },
  },
};

export function settingsOf(parameters: JsonObject): PrometheusSettings {
  const url = textOf(parameters['url']);
  const alerts = labelsOf(parameters['alerts']);
  const targets = labelsOf(parameters['targets']);
  return {
    ...(url === undefined ? {} : { url }),
    queries: listOf(parameters['queries']).map((item) => queryOf(objectOf(item))),
    ...(alerts === undefined ? {} : { alerts }),
    ...(targets === undefined ? {} : { targets }),
    baselineSeconds: numberOf(parameters['windowSeconds']) ?? defaults.baselineSeconds,
    stepSeconds: numberOf(parameters['stepSeconds']) ?? defaults.stepSeconds,
  };
}

/** Of what the schema has let through. */
function queryOf(item: JsonObject): WatchedQuery {
  const threshold = numberOf(item['threshold']);
  return {
    name: textOf(item['name']) ?? '',
    query: textOf(item['query']) ?? '',
    ...(threshold === undefined ? {} : { threshold }),
    aspect: textOf(item['aspect']) as Aspect,
    worse: item['worse'] === 'Down' ? 'Down' : 'Up',
    unit: textOf(item['unit']) ?? '',
  };
}

function labelsOf(value: JsonObject[string] | undefined): Labels | undefined {
  const matchLabels = objectOf(objectOf(value)['matchLabels']);
  return Object.keys(matchLabels).length === 0 ? undefined : (matchLabels as Labels);
}

/** `{a="b",c="d"}`: a selector that has all of these labels. */
export function selectorOf(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${pairs.toSorted().join(',')}}`;
}

/** Two nodes with this ask one Prometheus the same questions. */
export function identity(parameters: JsonObject): string | undefined {
  const { url = '', queries, alerts, targets } = settingsOf(parameters);
  const asked = [
    ...queries.map(({ query: asks }) => asks),
    ...(alerts === undefined ? [] : [`alerts${selectorOf(alerts)}`]),
    ...(targets === undefined ? [] : [`targets${selectorOf(targets)}`]),
  ];
  return asked.length === 0 ? undefined : `prometheus:${url.replace(/\/+$/, '')}:${asked.toSorted().join(';')}`;
}

export function doubts(given: JsonObject): readonly Doubt[] {
  const { stepSeconds, baselineSeconds } = settingsOf(given);
  if (stepSeconds < baselineSeconds) return [];
  return [{ field: 'stepSeconds', message: `leaves no two points in windowSeconds (${baselineSeconds})` }];
}
