import type { Json, JsonObject, JsonSchema } from '../api/json.ts';
import { canonicalJson } from '../evidence/canonical.ts';
import type { Finding, Gap, ProbeResult, Series } from '../evidence/finding.ts';
import { foreignCheckOf } from '../mcp/schema.ts';
import { foreignLimitMs, withinTime } from '../mcp/time-limit.ts';
import { findingId } from '../../skills/lib/finding-id.ts';
import type { ProbeContext } from '../../skills/skill.ts';
import { celWords, type Expression, type Scope } from './cel.ts';
import type { Template } from './template.ts';
import { toNumber, toText, toTime } from './values.ts';

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

/** Calls the tool once and judges its answer. */
export function probeWith(probe: CompiledProbe): (context: ProbeContext) => Promise<ProbeResult> {
  return async ({ node, tools, window, signal }) => {
    const scope = {
      with: node.with,
      window: { from: window.from.toISOString(), to: window.to.toISOString() },
    };
    // A template of an object gives one.
    const args = withinTime(foreignLimitMs, () => probe.arguments(scope)) as JsonObject;
    const answer = await tools.call(probe.tool, args, signal);
    assertFits(probe, answer);
    const source = `${probe.server}: ${probe.tool} ${canonicalJson(args)}`.slice(0, 300);
    return withinTime(foreignLimitMs, () => judge(probe, node.id, { ...scope, output: answer }, source));
  };
}

function assertFits({ output, tool }: CompiledProbe, answer: Json): void {
  const wrong = output === undefined ? undefined : foreignCheckOf(output)(answer);
  if (wrong !== undefined) throw new AnswerNotJudged(`the answer of ${tool} does not fit spec.output: ${wrong}`);
}

function judge(probe: CompiledProbe, node: string, scope: Scope, source: string): ProbeResult {
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
    .flatMap((one) => seen(`${probe.id}.${one.kind}`, () => found(probe.id, one, node, scope, source)))
    .flat();
  // What could not be judged may be what is wrong: such a node is not called healthy.
  const [gap] = gaps;
  if (findings.length === 0 && gap !== undefined) throw new AnswerNotJudged(`${gap.what}: ${gap.reason}`);
  const series = probe.series.flatMap((one) =>
    seen(`the series ${one.name}`, () => seriesOf(one, node, scope, source)),
  );
  return { findings, series, changes: [], logTemplates: [], gaps, identity: '' };
}

function found(id: string, one: CompiledFinding, node: string, scope: Scope, source: string): readonly Finding[] {
  const holds = one.when(scope);
  if (typeof holds !== 'boolean') throw new TypeError('when is neither true nor false');
  if (!holds) return [];
  const kind = `${id}.${one.kind}`;
  return [
    {
      id: findingId(node, kind, 'answer'),
      node,
      kind,
      severity: one.severity,
      summary: toText(one.summary(scope)).slice(0, 500),
      ...(one.since === undefined ? {} : { since: toTime(one.since(scope)) }),
      ...(one.value === undefined ? {} : { value: toNumber(one.value(scope)) }),
      ...(one.threshold === undefined ? {} : { threshold: toNumber(one.threshold(scope)) }),
      ...(one.unit === undefined ? {} : { unit: one.unit }),
      source,
    },
  ];
}

function seriesOf({ name, aspect, unit, points }: CompiledSeries, node: string, scope: Scope, source: string): Series {
  const list = points(scope);
  if (!Array.isArray(list)) throw new TypeError('points is no list');
  return { name, node, aspect, unit, points: list.slice(-maxPoints).map(pointOf), source };
}

function pointOf(point: unknown): readonly [number, number] {
  if (!Array.isArray(point) || point.length !== 2) throw new TypeError('a point is [seconds, value]');
  return [toNumber(point[0]), toNumber(point[1])];
}
