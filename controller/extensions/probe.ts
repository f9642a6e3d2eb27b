import type { Json, JsonObject, JsonSchema } from '../api/json.ts';
import { canonicalJson } from '../evidence/canonical.ts';
import type { Finding, Gap, ProbeResult, Series } from '../evidence/finding.ts';
import { foreignCheckOf } from '../mcp/schema.ts';
import { findingId } from '../../skills/lib/finding-id.ts';
import type { ProbeContext } from '../../skills/skill.ts';
import { celWords, type Expression, type Values } from '../cel/cel.ts';
import { Evaluator } from '../cel/evaluator.ts';
import type { Template } from './template.ts';
import { toNumber, toText, toTime } from '../cel/values.ts';
import { redactHead } from '../redaction/redact.ts';

export interface CompiledFinding extends Pick<Finding, 'kind' | 'severity' | 'unit'> {
  readonly when: Expression;
  readonly summary: Template;
  readonly since?: Expression;
  readonly value?: Expression;
  readonly threshold?: Expression;
}

export interface CompiledSeries extends Pick<Series, 'name' | 'aspect' | 'unit'> {
  readonly points: Expression;
}

export interface CompiledProbe {
  readonly id: string;
  readonly server: string;
  readonly tool: string;
  readonly arguments: Template;
  readonly output: JsonSchema | undefined;
  readonly findings: readonly CompiledFinding[];
  readonly series: readonly CompiledSeries[];
}

/** The tool's answer is not what the skill can judge: nothing is known of the node. */
export class AnswerNotJudged extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AnswerNotJudged';
  }
}

const maxPoints = 360;
/** In characters of JSON. */
const largestArguments = 64 * 1024;

const evaluator = new Evaluator();

/** Calls the tool once and judges its answer; all expressions are evaluated at once. */
export function probeWith(probe: CompiledProbe): (context: ProbeContext) => Promise<ProbeResult> {
  const judged = [...probe.findings.flatMap(expressionsOf), ...probe.series.map(({ points }) => points)];
  return async ({ node, tools, window, clock, signal }) => {
    const scope = {
      with: node.with,
      window: { from: window.from.toISOString(), to: window.to.toISOString() },
    };
    const bounds = { clock, signal };
    const args = argumentsOf(probe, await evaluator.evaluate(probe.arguments.expressions, scope, bounds));
    const answer = await tools.call(probe.tool, args, signal);
    assertFits(probe, answer);
    const source = redactHead(`${probe.server}: ${probe.tool} ${canonicalJson(args)}`, 300);
    return judge(probe, node.id, await evaluator.evaluate(judged, { ...scope, output: answer }, bounds), source);
  };
}

function expressionsOf({ when, summary, since, value, threshold }: CompiledFinding): readonly Expression[] {
  return [when, ...summary.expressions, since, value, threshold].filter((one) => one !== undefined);
}

function argumentsOf({ arguments: template, tool }: CompiledProbe, values: Values): JsonObject {
  // A template of an object gives one.
  const args = template.fill(values) as JsonObject;
  const { length } = JSON.stringify(args);
  if (length <= largestArguments) return args;
  throw new AnswerNotJudged(`the arguments of ${tool} have ${length} characters, more than ${largestArguments}`);
}

function assertFits({ output, tool }: CompiledProbe, answer: Json): void {
  const wrong = output === undefined ? undefined : foreignCheckOf(output)(answer);
  if (wrong !== undefined) throw new AnswerNotJudged(`the answer of ${tool} does not fit spec.output: ${wrong}`);
}

function judge(probe: CompiledProbe, node: string, values: Values, source: string): ProbeResult {
  const gaps: Gap[] = [];
  const seen = <T>(what: string, work: () => T): readonly T[] => {
    try {
      return [work()];
    } catch (error) {
      gaps.push({ node, what, reason: celWords(error) });
      return [];
    }
  };
  const findings = probe.findings
    .flatMap((one) => seen(`${probe.id}.${one.kind}`, () => found(probe.id, one, node, values, source)))
    .flat();
  // What could not be judged may be what is wrong: such a node is not called healthy.
  const [gap] = gaps;
  if (findings.length === 0 && gap !== undefined) throw new AnswerNotJudged(`${gap.what}: ${gap.reason}`);
  const series = probe.series.flatMap((one) =>
    seen(`the series ${one.name}`, () => seriesOf(one, node, values, source)),
  );
  return { findings, series, changes: [], logTemplates: [], gaps, identity: '' };
}

function found(id: string, one: CompiledFinding, node: string, values: Values, source: string): readonly Finding[] {
  const holds = values(one.when);
  if (typeof holds !== 'boolean') throw new TypeError('when is neither true nor false');
  if (!holds) return [];
  const kind = `${id}.${one.kind}`;
  return [
    {
      id: findingId(node, kind, 'answer'),
      node,
      kind,
      severity: one.severity,
      summary: redactHead(toText(one.summary.fill(values)), 500),
      ...(one.since === undefined ? {} : { since: toTime(values(one.since)) }),
      ...(one.value === undefined ? {} : { value: toNumber(values(one.value)) }),
      ...(one.threshold === undefined ? {} : { threshold: toNumber(values(one.threshold)) }),
      ...(one.unit === undefined ? {} : { unit: one.unit }),
      source,
    },
  ];
}

function seriesOf(
  { name, aspect, unit, points }: CompiledSeries,
  node: string,
  values: Values,
  source: string,
): Series {
  const list = values(points);
  if (!Array.isArray(list)) throw new TypeError('points is no list');
  return { name, node, aspect, unit, points: list.slice(-maxPoints).map(pointOf), source };
}

function pointOf(point: unknown): readonly [number, number] {
  if (!Array.isArray(point) || point.length !== 2) throw new TypeError('a point is [seconds, value]');
  return [toNumber(point[0]), toNumber(point[1])];
}
