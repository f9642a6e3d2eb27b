import type { JsonObject } from '../../controller/api/json.ts';
import { listOf, numberOf, objectOf } from '../lib/reading.ts';
import type { Point } from '../lib/statistics.ts';
import { secondsBetween, type Window } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import { type Labels, settingsOf } from './parameters.ts';

export const queryTool = 'execute_query';
export const rangeTool = 'execute_range_query';
export const targetsTool = 'get_targets';

export interface LabelledPoints {
  /** Without the metric's name. */
  readonly labels: Labels;
  /** Of numbers alone: a NaN (nothing divided by nothing) is no sample. */
  readonly points: readonly Point[];
}

export interface RangePoints extends LabelledPoints {
  /** It has stopped before the end of the time, as that of a pod does which another one replaced: its last points say nothing of now. */
  readonly ended: boolean;
}

/** Two steps without a sample are no delay. */
const endedSteps = 2;
const mostPoints = 360;

/** The series that an expression answers over a time, in the order of their labels. @throws ToolError */
export async function rangeOf(context: ProbeContext, query: string, span: Window): Promise<readonly RangePoints[]> {
  const { stepSeconds } = settingsOf(context.node.with);
  const step = Math.max(stepSeconds, Math.ceil(secondsBetween(span.from, span.to) / (mostPoints - 1)));
  const args = { query, start: span.from.toISOString(), end: span.to.toISOString(), step: `${step}s` };
  const answer = await call(context, rangeTool, args);
  const aliveFrom = span.to.getTime() / 1000 - endedSteps * step;
  return listOf(answer['result'])
    .map((item) => {
      const { metric, values } = objectOf(item);
      const points = listOf(values).flatMap(pointOf);
      return { labels: labelsOf(metric), points, ended: (points.at(-1)?.[0] ?? 0) < aliveFrom };
    })
    .filter(({ points }) => points.length > 0)
    .toSorted((a, b) => nameOf(a.labels).localeCompare(nameOf(b.labels), 'en'));
}

/** What an expression answers for one moment. @throws ToolError */
export async function valuesAt(context: ProbeContext, query: string, at: Date): Promise<readonly LabelledPoints[]> {
  const answer = await call(context, queryTool, { query, time: at.toISOString() });
  return listOf(answer['result']).map((item) => {
    const { metric, value } = objectOf(item);
    return { labels: labelsOf(metric), points: pointOf(value ?? null) };
  });
}

/** Which Prometheus is meant is an addition of ours: the contract's own server is bound to one. */
export async function call(context: ProbeContext, tool: string, args: JsonObject): Promise<JsonObject> {
  return objectOf(await context.tools.call(tool, { ...args, ...connectionOf(context.node.with) }, context.signal));
}

export function connectionOf(parameters: JsonObject): { readonly connection?: { readonly url: string } } {
  const { url } = settingsOf(parameters);
  return url === undefined ? {} : { connection: { url } };
}

function pointOf(sample: JsonObject[string]): readonly Point[] {
  const [time, value] = listOf(sample).map(numberOf);
  return time === undefined || value === undefined ? [] : [[time, value]];
}

function labelsOf(metric: JsonObject[string] | undefined): Labels {
  const labels = Object.entries(objectOf(metric)).filter(([name]) => name !== '__name__');
  return Object.fromEntries(labels) as Labels;
}

/** `instance=b job=a`; empty for an expression that leaves no label. */
export function nameOf(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join(' ');
}
