import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import type { GapList } from '../lib/gaps.ts';
import { listOf, numberOf, objectOf, textOf, timeOf } from '../lib/reading.ts';
import { within } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import type { CloudWatchSettings, WatchedMetric } from './parameters.ts';

export const alarmTool = 'get_active_alarms';

const mostAlarms = 100;

/** Alarms of this node that are in ALARM: by the beginning of their name, or by a metric that the node is watched by. */
export async function alarmFindings(
  context: ProbeContext,
  settings: CloudWatchSettings,
  gaps: GapList,
): Promise<readonly Finding[]> {
  if (settings.alarmPrefixes.length === 0 && settings.metrics.length === 0) return [];
  const answer = objectOf(await context.tools.call(alarmTool, { max_items: mostAlarms }, context.signal));
  if (answer['has_more_results'] === true) gaps.add('more alarms', `more than ${mostAlarms} are active in the account`);
  const alarms = [...listOf(answer['metric_alarms']), ...listOf(answer['composite_alarms'])].map(objectOf);
  return alarms.filter((alarm) => concerns(alarm, settings)).map((alarm) => findingOf(alarm, context));
}

function concerns(alarm: JsonObject, { alarmPrefixes, metrics }: CloudWatchSettings): boolean {
  const name = textOf(alarm['alarm_name']) ?? '';
  return alarmPrefixes.some((prefix) => name.startsWith(prefix)) || metrics.some((metric) => watches(alarm, metric));
}

function watches(alarm: JsonObject, metric: WatchedMetric): boolean {
  if (alarm['namespace'] !== metric.namespace || alarm['metric_name'] !== metric.name) return false;
  const given = listOf(alarm['dimensions']).map((item) => {
    const dimension = objectOf(item);
    return [textOf(dimension['Name']) ?? '', textOf(dimension['Value']) ?? ''] as const;
  });
  const wanted = Object.entries(metric.dimensions);
  return (
    given.length === wanted.length && wanted.every(([name, value]) => given.some(([n, v]) => n === name && v === value))
  );
}

/** An alarm that has been on since before the window says little of the window: alarms lag behind what they watch. */
function findingOf(alarm: JsonObject, { node, window }: ProbeContext): Finding {
  const kind = 'cloudwatch.AlarmActive';
  const name = textOf(alarm['alarm_name']) ?? '';
  const since = timeOf(alarm['state_updated_timestamp']);
  const threshold = numberOf(alarm['threshold']);
  return {
    id: findingId(node.id, kind, name),
    node: node.id,
    kind,
    severity: within(since, window) ? 'Warning' : 'Info',
    summary: `alarm ${name}: ${textOf(alarm['state_reason']) ?? 'in ALARM'}`.slice(0, 500),
    ...(since === undefined ? {} : { since: since.toISOString() }),
    ...(threshold === undefined ? {} : { threshold }),
    source: `${alarmTool} ${name}`,
    facts: {
      alarm: name,
      metric: textOf(alarm['metric_name']) ?? null,
      namespace: textOf(alarm['namespace']) ?? null,
      comparison: textOf(alarm['comparison_operator']) ?? null,
    },
  };
}
