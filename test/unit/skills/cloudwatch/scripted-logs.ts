import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import type { ProbeContext, Tools } from '../../../../skills/skill.ts';
import { SteppingClock } from '../aws-ecs/scripted-ecs.ts';

/** A log line or a request at a second of the scripted day. */
export interface Line {
  readonly second: number;
  readonly fields: JsonObject;
}

const midnight = Date.UTC(2026, 0, 1);
export const at = (second: number): Date => new Date(midnight + second * 1000);

/**
 * Answers the queries of the skill from lines, as the tool contract does. It knows the queries by their words: an evaluator of
 * the language is the lab's, and the contract tests use it.
 */
export class ScriptedLogs implements Tools {
  lines: readonly Line[] = [];
  metrics: Readonly<Record<string, readonly (readonly [number, number])[]>> = {};
  alarms: readonly JsonObject[] = [];
  moreAlarms = false;
  status = 'Complete';
  readonly broken = new Set<string>();
  readonly queries: string[] = [];

  async call(tool: string, args: JsonObject): Promise<Json> {
    if (this.broken.has(tool)) throw new Error(`${tool} is down`);
    if (tool === 'get_metric_data') return this.#metric(args);
    if (tool === 'get_active_alarms')
      return { metric_alarms: this.alarms, composite_alarms: [], has_more_results: this.moreAlarms };
    return { queryId: 'q', status: this.status, statistics: {}, results: this.#query(args) };
  }

  #query(args: JsonObject): readonly JsonObject[] {
    const query = args['query_string'] as string;
    this.queries.push(query);
    const [from, to] = [args['start_time'], args['end_time']].map((time) => Date.parse(time as string));
    const matching = this.lines.filter(
      (line) =>
        at(line.second).getTime() >= (from ?? 0) && at(line.second).getTime() <= (to ?? 0) && matches(line, query),
    );
    const bin = /by bin\((\d+)s\)/.exec(query)?.[1];
    if (bin !== undefined) return binned(matching, Number(bin), query);
    const inOrder = matching.toSorted((a, b) => a.second - b.second);
    const asked = query.endsWith('desc') ? inOrder.toReversed() : inOrder;
    return asked.slice(0, args['limit'] as number).map((line) => row(line, this.lines.indexOf(line)));
  }

  #metric(args: JsonObject): Json {
    const points = this.metrics[args['metric_name'] as string] ?? [];
    const [from = 0, to = 0] = [args['start_time'], args['end_time']].map((time) => Date.parse(time as string));
    const asked = points.filter(([second]) => at(second).getTime() >= from && at(second).getTime() < to);
    const datapoints = asked.map(([second, value]) => ({ timestamp: at(second).toISOString(), value }));
    return { metricDataResults: [{ id: 'm1', datapoints }] };
  }
}

function matches({ fields }: Line, query: string): boolean {
  if (query.includes('ispresent(status)')) return fields['status'] !== undefined;
  if (query.includes('status >= 500')) return Number(fields['status']) >= 500;
  if (query.includes('ispresent(durationMs)')) return fields['durationMs'] !== undefined;
  if (query.includes('level in')) return fields['level'] === 'error';
  return true;
}

function text(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', '');
}

function row({ second, fields }: Line, index: number): JsonObject {
  return { '@timestamp': text(at(second)), text: JSON.stringify(fields), '@ptr': `p${index}` };
}

function binned(lines: readonly Line[], bin: number, query: string): readonly JsonObject[] {
  const groups = Map.groupBy(lines, ({ second }) => Math.floor(second / bin) * bin);
  return [...groups].map(([second, group]) => {
    const slowest = Math.max(...group.map(({ fields }) => Number(fields['durationMs'] ?? 0)));
    const n = query.includes('pct(') ? slowest : group.length;
    return { n: String(n), [`bin(${bin}s)`]: text(at(second)) };
  });
}

export const requests = (from: number, to: number, status: number, each = 1): readonly Line[] =>
  Array.from({ length: (to - from) * each }, (_, index) => ({
    second: from + Math.floor(index / each),
    fields: { level: 'info', message: 'request', status, durationMs: status >= 500 ? 900 : 20 },
  }));

export const failure = (second: number, message: string, stack?: string): Line => ({
  second,
  fields: { level: 'error', message, ...(stack === undefined ? {} : { stack }) },
});

/** The window is 10:00 to 10:02 of the scripted day, in seconds 36,000 to 36,120. */
export const begin = 36_000;

const counting = (name: string, counts: string): JsonObject => ({
  namespace: 'Shop',
  name,
  aspect: 'Traffic',
  statistic: 'SUM',
  counts,
});
/** Parameters of a node whose metrics Asked and Failed count requests and errors. */
export const countingMetrics: JsonObject = { metrics: [counting('Asked', 'Requests'), counting('Failed', 'Errors')] };

export function contextOf(tools: Tools, parameters: JsonObject = { logGroups: ['/shop'] }): ProbeContext {
  return {
    node: { id: 'shop/logs', name: 'logs', type: 'logs', with: parameters },
    tools,
    clock: new SteppingClock(at(begin + 120).toISOString()),
    window: { from: at(begin), to: at(begin + 120) },
    signal: new AbortController().signal,
  };
}
