import { isOfTheWorld } from '../evidence/undeclared.ts';
import type { EvidenceBundle } from '../evidence/bundle.ts';
import { canonicalJson } from '../evidence/canonical.ts';
import type { ActionType } from '../../skills/skill.ts';
import { unitGraphOf } from './graph.ts';
import { parameterFault } from './parameters.ts';
import type { Diagnosis, Fix, Limits, Memory } from './reasoner.ts';

/** What the controller holds an answer against, whoever gave it. */
export interface Acceptance {
  readonly bundle: EvidenceBundle;
  readonly memory: Memory;
  readonly limits: Limits;
  readonly action: (id: string) => ActionType | undefined;
}

/** Parameters are kept whole or not at all: cut in the middle they would be others. */
const longestParameters = 4000;

/**
 * Checks a diagnosis: nodes and findings exist, the action is in the catalogue, allowed and not among the failed, its
 * parameters hold, and each prediction is false on the bundle now. Answers what is wrong with it; empty when it is accepted.
 */
export function objectionsTo(diagnosis: Diagnosis, against: Acceptance): readonly string[] {
  const nodes = new Set(against.bundle.graph.nodes.map((node) => node.id));
  const findings = new Set(against.bundle.nodes.flatMap((node) => node.findings.map((finding) => finding.id)));
  const cause = diagnosis.rootCause;
  return [
    ...(diagnosis.verdict === 'Cause' && cause === undefined ? ['a cause is claimed and none is named'] : []),
    ...(cause !== undefined && !nodes.has(cause.node) ? [`there is no node ${cause.node}`] : []),
    ...diagnosis.chain.filter((node) => !nodes.has(node)).map((node) => `there is no node ${node} in the chain`),
    ...(diagnosis.verdict === 'Cause' && diagnosis.claims.length === 0 ? ['a cause is claimed on no finding'] : []),
    ...gapsInChain(diagnosis, against.bundle),
    ...diagnosis.claims.flatMap((claim) =>
      claim.findings.filter((id) => !findings.has(id)).map((id) => `a claim cites ${id}, which is no finding`),
    ),
    ...diagnosis.claims.filter((claim) => claim.findings.length === 0).map((claim) => `no finding for: ${claim.text}`),
    ...predictionObjections(diagnosis, against.bundle),
    ...(diagnosis.fix === undefined ? [] : fixObjections(diagnosis.fix, against, nodes)),
  ];
}

/** From the cause to the symptom over what is joined in the graph, one way or the other; parts of one service are one. */
function gapsInChain({ chain }: Diagnosis, { graph }: EvidenceBundle): readonly string[] {
  const { unitOf, dependencies } = unitGraphOf(graph);
  const units = chain.flatMap((node) => unitOf.get(node) ?? []);
  const isJoined = (one: string, other: string): boolean => dependencies.get(one)?.includes(other) === true;
  return units.flatMap((unit, index) => {
    const before = units[index - 1] ?? unit;
    const joined = before === unit || isJoined(unit, before) || isJoined(before, unit);
    return joined ? [] : [`nothing joins ${before} and ${unit} in the chain`];
  });
}

function predictionObjections(diagnosis: Diagnosis, bundle: EvidenceBundle): readonly string[] {
  return diagnosis.predictions
    .filter(({ node, findingGone }) => {
      const evidence = bundle.nodes.find((candidate) => candidate.node === node);
      return !(evidence?.findings ?? []).some((finding) => isOfTheWorld(finding) && finding.kind === findingGone);
    })
    .map(({ node, findingGone }) => `the prediction that ${findingGone} goes from ${node} is true already`);
}

function fixObjections(fix: Fix, against: Acceptance, nodes: ReadonlySet<string>): readonly string[] {
  const action = against.action(fix.action);
  if (action === undefined) return [`there is no action ${fix.action}`];
  const fault = parameterFault(action, fix.parameters);
  const length = canonicalJson(fix.parameters).length;
  return [
    ...(nodes.has(fix.node) ? [] : [`there is no node ${fix.node} to act on`]),
    ...(fault === undefined ? [] : [`parameters of ${fix.action}: ${fault}`]),
    ...(length > longestParameters ? [`the parameters have ${length} characters, more than ${longestParameters}`] : []),
    ...(against.limits.allowed(fix.action, fix.node) ? [] : [`${fix.action} is not allowed at ${fix.node}`]),
    ...(against.memory.failed.includes(fix.signature) ? [`this fix failed before: ${fix.signature}`] : []),
    ...(against.memory.kept.includes(fix.signature) ? [`this fix is live already: ${fix.signature}`] : []),
  ];
}
