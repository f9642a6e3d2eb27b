import type { Aspect } from '../../controller/evidence/finding.ts';
import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import type { MetricStatistic } from '../lib/metric-call.ts';
import type { Doubt } from '../skill.ts';
import { listOf, numberOf, objectOf, textOf, textsOf } from '../lib/reading.ts';

/** A metric that the node is watched by. */
export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: MetricStatistic;
  readonly aspect: Aspect;
  /** The direction that is bad. */
  readonly worse: 'Up' | 'Down';
  readonly unit: string;
  /** What it counts, where the error rate is to be made of it. */
  readonly counts?: 'Requests' | 'Errors';
  readonly periodSeconds?: number;
}

export interface CloudWatchSettings {
  readonly logGroups: readonly string[];
  readonly metrics: readonly WatchedMetric[];
  readonly errorPattern?: string;
  readonly statusField: string;
  readonly latencyField: string;
  readonly baselineSeconds: number;
  readonly maxErrorsPerMillion: number;
  /** Beginnings of the names of alarms that are this node's. */
  readonly alarmPrefixes: readonly string[];
}

const defaults = { baselineSeconds: 900, maxErrorsPerMillion: 10_000 };

const field = { type: 'string', pattern: '^[@A-Za-z_][A-Za-z0-9_.@]*$', maxLength: 100 };

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  anyOf: [{ required: ['logGroups'] }, { required: ['metrics'] }],
  properties: {
    logGroups: { type: 'array', minItems: 1, maxItems: 10, items: { type: 'string', minLength: 1, maxLength: 512 } },
    metrics: {
      type: 'array',
      maxItems: 20,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['namespace', 'name', 'aspect'],
        properties: {
          namespace: { type: 'string', minLength: 1, maxLength: 255 },
          name: { type: 'string', minLength: 1, maxLength: 255 },
          dimensions: { type: 'object', maxProperties: 30, additionalProperties: { type: 'string', maxLength: 1024 } },
          statistic: { enum: ['AVG', 'COUNT', 'MAX', 'MIN', 'SUM'], default: 'AVG' },
          aspect: { enum: ['Latency', 'Errors', 'Availability', 'Traffic', 'Saturation'] },
          worse: { enum: ['Up', 'Down'], default: 'Up' },
          unit: { type: 'string', maxLength: 30 },
          counts: { enum: ['Requests', 'Errors'], description: 'Makes the error rate of these instead of the log' },
          periodSeconds: { enum: [1, 5, 10, 30, 60, 300] },
        },
      },
    },
    errorPattern: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      pattern: '^[^/\\n]+$',
      description: 'A regular expression that error lines match; level or well-known words when left out',
    },
    statusField: { ...field, default: 'status', description: 'The HTTP status in JSON request lines' },
    latencyField: { ...field, default: 'durationMs', description: 'Milliseconds in JSON request lines' },
    windowSeconds: {
      type: 'integer',
      minimum: 30,
      maximum: 604800,
      default: defaults.baselineSeconds,
      description: 'How much time before the window is looked at for what is normal',
    },
    maxErrorsPerMillion: { type: 'integer', minimum: 0, maximum: 1_000_000, default: defaults.maxErrorsPerMillion },
    alarmPrefixes: { type: 'array', maxItems: 20, items: { type: 'string', minLength: 1, maxLength: 255 } },
  },
};

export function settingsOf(parameters: JsonObject): CloudWatchSettings {
  const errorPattern = textOf(parameters['errorPattern']);
  return {
    logGroups: textsOf(parameters['logGroups']),
    metrics: listOf(parameters['metrics']).map((item) => metricOf(objectOf(item))),
    ...(errorPattern === undefined ? {} : { errorPattern }),
    statusField: textOf(parameters['statusField']) ?? 'status',
    latencyField: textOf(parameters['latencyField']) ?? 'durationMs',
    baselineSeconds: numberOf(parameters['windowSeconds']) ?? defaults.baselineSeconds,
    maxErrorsPerMillion: numberOf(parameters['maxErrorsPerMillion']) ?? defaults.maxErrorsPerMillion,
    alarmPrefixes: textsOf(parameters['alarmPrefixes']),
  };
}

/** Of a metric that the schema has let through. */
function metricOf(metric: JsonObject): WatchedMetric {
  const counts = textOf(metric['counts']) as WatchedMetric['counts'];
  const periodSeconds = numberOf(metric['periodSeconds']);
  return {
    namespace: textOf(metric['namespace']) ?? '',
    name: textOf(metric['name']) ?? '',
    dimensions: objectOf(metric['dimensions']) as Readonly<Record<string, string>>,
    statistic: (textOf(metric['statistic']) ?? 'AVG') as MetricStatistic,
    aspect: textOf(metric['aspect']) as Aspect,
    worse: metric['worse'] === 'Down' ? 'Down' : 'Up',
    unit: textOf(metric['unit']) ?? '',
    ...(counts === undefined ? {} : { counts }),
    ...(periodSeconds === undefined ? {} : { periodSeconds }),
  };
}

/** Of the logs, else of the metrics: two maps that list them are about the same thing. */
export function identity(parameters: JsonObject): string | undefined {
  const { logGroups, metrics } = settingsOf(parameters);
  if (logGroups.length > 0) return `logs:${logGroups.toSorted().join(',')}`;
  if (metrics.length === 0) return undefined;
  const names = metrics.map(({ namespace, name, dimensions }) => {
    const pairs = Object.entries(dimensions).map(([key, value]) => `${key}=${value}`);
    return `${namespace}/${name}{${pairs.toSorted().join(',')}}`;
  });
  return `metrics:${names.toSorted().join(',')}`;
}

export function doubts(given: JsonObject): readonly Doubt[] {
  const counted = new Set(settingsOf(given).metrics.map(({ counts }) => counts));
  const [one, other] = counted.has('Requests') ? ['Requests', 'Errors'] : ['Errors', 'Requests'];
  if (!counted.has('Requests') === !counted.has('Errors')) return [];
  return [{ field: 'metrics', message: `one counts ${one} and none ${other}, so no error rate is made of them` }];
}
