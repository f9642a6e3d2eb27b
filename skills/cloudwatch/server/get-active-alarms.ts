import { type CompositeAlarm, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { numberOf } from '../../lib/reading.ts';
import type { CloudWatchBackend } from './backend.ts';

const usualItems = 50;
/** Of one page of DescribeAlarms. */
const pageSize = 100;

interface Alarms {
  readonly metric: MetricAlarm[];
  readonly composite: CompositeAlarm[];
}

/** The tool of the awslabs cloudwatch-mcp-server: all alarms in the state ALARM. */
export const getActiveAlarms: ToolDefinition<CloudWatchBackend> = {
  name: 'get_active_alarms',
  description: 'Answers the CloudWatch alarms that are in the state ALARM.',
  access: 'Read',
  input: {
    type: 'object',
    properties: {
      max_items: { type: ['integer', 'null'], minimum: 1, maximum: 500, default: usualItems },
      region: { type: ['string', 'null'], description: "ignored: the operator's configuration says the region" },
    },
  },
  output: {
    type: 'object',
    required: ['metric_alarms', 'composite_alarms', 'has_more_results'],
    properties: {
      metric_alarms: { type: 'array', items: { type: 'object', required: ['alarm_name'] } },
      composite_alarms: { type: 'array', items: { type: 'object', required: ['alarm_name'] } },
      has_more_results: { type: 'boolean' },
      message: { type: ['string', 'null'] },
    },
  },
  async handle(args, { backend, signal }) {
    const most = numberOf(args['max_items']) ?? usualItems;
    const { metric, composite } = await readAlarms(backend, most, signal);
    const metricAlarms = metric.slice(0, most).map(encodeMetric);
    const compositeAlarms = composite.slice(0, most - metricAlarms.length).map(encodeComposite);
    const total = metricAlarms.length + compositeAlarms.length;
    return {
      metric_alarms: metricAlarms,
      composite_alarms: compositeAlarms,
      has_more_results: metric.length + composite.length > most,
      message: total === 0 ? 'No active alarms found' : null,
    };
  },
};

async function readAlarms(backend: CloudWatchBackend, most: number, signal: AbortSignal): Promise<Alarms> {
  const found: Alarms = { metric: [], composite: [] };
  let next: string | undefined;
  do {
    await backend.checkEndpoint('cloudwatch', signal);
    const command = new DescribeAlarmsCommand({
      StateValue: 'ALARM',
      AlarmTypes: ['CompositeAlarm', 'MetricAlarm'],
      MaxRecords: pageSize,
      ...(next === undefined ? {} : { NextToken: next }),
    });
    const page = await backend.cloudwatch.send(command, { abortSignal: signal });
    found.metric.push(...(page.MetricAlarms ?? []));
    found.composite.push(...(page.CompositeAlarms ?? []));
    next = page.NextToken;
  } while (next !== undefined && found.metric.length + found.composite.length <= most);
  return found;
}

function encodeMetric(alarm: MetricAlarm): JsonObject {
  return {
    ...encodeCommon(alarm),
    metric_name: alarm.MetricName ?? '',
    namespace: alarm.Namespace ?? '',
    dimensions: (alarm.Dimensions ?? []).map(({ Name, Value }) => ({ Name: Name ?? '', Value: Value ?? '' })),
    threshold: alarm.Threshold ?? 0,
    comparison_operator: alarm.ComparisonOperator ?? '',
    alarm_type: 'MetricAlarm',
  };
}

function encodeComposite(alarm: CompositeAlarm): JsonObject {
  return { ...encodeCommon(alarm), alarm_rule: alarm.AlarmRule ?? '', alarm_type: 'CompositeAlarm' };
}

function encodeCommon(alarm: MetricAlarm | CompositeAlarm): JsonObject {
  return {
    alarm_name: alarm.AlarmName ?? '',
    alarm_description: alarm.AlarmDescription ?? null,
    state_value: alarm.StateValue ?? '',
    state_reason: alarm.StateReason ?? '',
    state_updated_timestamp: (alarm.StateUpdatedTimestamp ?? new Date(0)).toISOString(),
  };
}
