import type { Json, JsonObject } from '../../api/json.ts';
import { digestOf } from '../../evidence/canonical.ts';
import { declaringCheckOf } from '../../mcp/schema.ts';
import type { Horizon } from '../predictions.ts';
import { parameterFault } from '../parameters.ts';
import type { Knowledge } from '../proposals.ts';
import type { Cause, Diagnosis, Fix } from '../reasoner.ts';
import { signatureOf } from '../signature.ts';
import { type Answered, type AnsweredCause, diagnoseSchema } from './diagnose-tool.ts';
import type { Inquiry } from './inquiry.ts';
import { promptVersion } from './prompt/version.ts';
import { redactHead } from '../../redaction/redact.ts';

export const engine = 'Claude';

/** Tells several faults at once; the schema has no defaults that it could fill in. */
const faultIn = declaringCheckOf(diagnoseSchema);

export interface Read {
  /** Absent where it has no shape that one could be made of. */
  readonly diagnosis?: Diagnosis;
  /** What is wrong with the answer by itself; what it refers to is checked elsewhere. */
  readonly faults: readonly string[];
}

/** Makes a diagnosis of what the model answered. The service holds the schema; whoever stands in for it may not. */
export function readAnswer(input: unknown, inquiry: Inquiry): Read {
  const misshapen = faultIn(input);
  if (misshapen !== undefined) return { faults: [misshapen] };
  return readShaped(input as Answered, inquiry);
}

function readShaped(input: Answered, inquiry: Inquiry): Read {
  const parameters = parametersOf(input);
  if (parameters === undefined) return { faults: ['fix.parameters is no JSON object'] };
  return { diagnosis: diagnosisFrom(input, parameters, inquiry), faults: faultsOf(input) };
}

function diagnosisFrom(input: Answered, parameters: JsonObject, inquiry: Inquiry): Diagnosis {
  const { bundle, settings, horizon, knowledge } = inquiry;
  const { verdict, rootCause, claims, alternatives } = input;
  const chain = verdict === 'Cause' && rootCause !== null ? [rootCause.node, ...input.chain, bundle.symptom.node] : [];
  return {
    engine,
    model: settings.model,
    promptVersion,
    bundleDigest: digestOf(bundle),
    verdict,
    ...(rootCause === null ? {} : { rootCause: causeFrom(rootCause) }),
    chain: chain.filter((node, index) => node !== chain[index - 1]),
    claims: claims.map((one) => ({ ...one, text: visible(one.text) })),
    gaps: [...new Set([...inquiry.blind.gaps, ...input.gaps.map(visible)])].slice(0, 30),
    ...(input.fix === null ? {} : { fix: fixFrom(input.fix, parameters, inquiry, knowledge) }),
    predictions: input.predictions.map((one) => ({ ...one, withinSeconds: within(one.withinSeconds, horizon) })),
    alternatives: alternatives.slice(0, 10).map(causeFrom),
  };
}

function parametersOf({ fix }: Answered): JsonObject | undefined {
  if (fix === null) return {};
  try {
    const parsed = JSON.parse(fix.parameters) as Json;
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function causeFrom({ node, kind, summary, confidencePercent }: AnsweredCause): Cause {
  return { node, kind, summary: redactHead(visible(summary), 500), confidence: confidencePercent / 100 };
}

/** Directions are told from parameters that hold; others have none, and are objected to. */
function fixFrom(
  { action: id, node: target, rationale }: NonNullable<Answered['fix']>,
  parameters: JsonObject,
  { bundle }: Inquiry,
  { actions }: Knowledge,
): Fix {
  const action = actions.get(id)?.action;
  const node = bundle.graph.nodes.find((one) => one.id === target);
  const holds = action !== undefined && node !== undefined && parameterFault(action, parameters) === undefined;
  const signature = holds ? signatureOf(action, node.identity, parameters) : '';
  return {
    action: id,
    class: action?.class ?? 'Infra',
    node: target,
    parameters,
    signature,
    rationale: visible(rationale),
  };
}

/** What no eye sees, and what makes it see another order: embeddings, overrides and isolates, zero widths, tags. */
const unseen = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** A sentence on one line, as whoever decides on it would take it: no line of it can look like one of ours. */
function visible(text: string): string {
  return text.replaceAll(unseen, '').replaceAll(/\s+/g, ' ').trim();
}

const longestSeconds = 3600;

/** Never before a finding can be gone at all, which the platform's own timing says. */
function within(seconds: number, { causeSeconds }: Horizon): number {
  return Math.min(longestSeconds, Math.max(causeSeconds, seconds));
}

function faultsOf({ verdict, rootCause, alternatives, fix, predictions }: Answered): readonly string[] {
  const percents = [...(rootCause === null ? [] : [rootCause]), ...alternatives].map((one) => one.confidencePercent);
  return [
    ...(verdict !== 'Cause' && rootCause !== null ? [`the verdict is ${verdict} and a cause is named`] : []),
    ...(verdict !== 'Cause' && fix !== null ? [`the verdict is ${verdict} and a fix is proposed`] : []),
    ...(percents.some((one) => one < 0 || one > 100) ? ['confidencePercent is not between 0 and 100'] : []),
    ...(fix?.parameters.includes('[redacted:') === true
      ? ['fix.parameters holds a secret, or what stands where one was taken out: neither is ever written']
      : []),
    ...(fix !== null && predictions.length === 0 ? ['a fix is proposed and nothing is predicted of it'] : []),
  ];
}
