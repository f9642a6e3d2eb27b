import type { EvidenceBundle, NodeEvidence } from '../../../controller/evidence/bundle.ts';
import type { Finding } from '../../../controller/evidence/finding.ts';
import { healthOf } from '../../../controller/evidence/health.ts';
import type { Question } from '../../../controller/reasoning/question.ts';
import { withoutSkill } from '../../faults/ablation.ts';
import { disordered } from '../../helpers/disordered.ts';
import { shuffled } from '../../helpers/random.ts';

/** The findings that nodes of a skill were seen to have: what a node may show for a reason of its own. */
export type Repertoire = ReadonlyMap<string, readonly Finding[]>;

export interface Perturbation {
  readonly name: string;
  /** How often each question is asked under it. */
  readonly times: number;
  readonly apply: (question: Question, next: () => number, repertoire: Repertoire) => Question;
}

/** What may be otherwise about a sweep of the same fault. None knows what the fault is. */
export const perturbations: readonly Perturbation[] = [
  { name: 'as it was recorded', times: 1, apply: (question) => question },
  { name: 'a node unseen', times: 3, apply: (question, next) => blinded(question, next, () => true) },
  { name: 'an ill node unseen', times: 2, apply: (question, next) => blinded(question, next, isIll) },
  { name: 'a skill missing', times: 2, apply: skillMissing },
  { name: 'an unrelated finding as grave as the worst', times: 4, apply: decoyed },
  {
    name: 'an ill node unseen, and an unrelated finding',
    times: 3,
    apply: (question, next, all) => decoyed(blinded(question, next, isIll), next, all),
  },
  { name: 'no finding dated', times: 1, apply: (question) => mapped(question, undated) },
  { name: 'no change known', times: 1, apply: (question) => mapped(question, (seen) => ({ ...seen, changes: [] })) },
  { name: 'another order', times: 1, apply: reordered },
];

export function repertoireOf(bundles: readonly EvidenceBundle[]): Repertoire {
  const findings = bundles.flatMap(({ graph, nodes }) => {
    const skillOf = new Map(graph.nodes.map(({ id, skill }) => [id, skill]));
    return nodes.flatMap((seen) => seen.findings.map((finding) => ({ finding, skill: skillOf.get(seen.node) ?? '' })));
  });
  const hurting = findings.filter(({ finding }) => finding.severity !== 'Info');
  return new Map(
    [...Map.groupBy(hurting, ({ skill }) => skill)].map(([skill, all]) => [skill, all.map(({ finding }) => finding)]),
  );
}

function mapped(question: Question, change: (seen: NodeEvidence) => NodeEvidence): Question {
  return { ...question, bundle: { ...question.bundle, nodes: question.bundle.nodes.map(change) } };
}

function isIll({ findings }: NodeEvidence): boolean {
  return findings.some(({ severity }) => severity !== 'Info');
}

function blinded(question: Question, next: () => number, candidate: (seen: NodeEvidence) => boolean): Question {
  const [chosen] = shuffled(question.bundle.nodes.filter(candidate), next);
  return mapped(question, (seen) => (seen === chosen ? unseen(seen) : seen));
}

function unseen({ node, tookMs }: NodeEvidence): NodeEvidence {
  const gaps = [{ node, what: 'the whole node', reason: 'no answer in time' }];
  return { node, health: 'Unknown', findings: [], series: [], changes: [], logTemplates: [], gaps, tookMs };
}

function skillMissing(question: Question, next: () => number): Question {
  const used = [...new Set(question.bundle.graph.nodes.map(({ skill }) => skill))].filter((skill) => skill !== '');
  const [skill = ''] = shuffled(used.toSorted(), next);
  return withoutSkill(question, skill);
}

/** A node that was well shows something that nodes of its skill do show in some fault. */
function decoyed(question: Question, next: () => number, repertoire: Repertoire): Question {
  const skillOf = new Map(question.bundle.graph.nodes.map(({ id, skill }) => [id, skill]));
  const shows = (node: string): readonly Finding[] => repertoire.get(skillOf.get(node) ?? '') ?? [];
  const well = question.bundle.nodes.filter(({ node, health }) => health === 'Healthy' && shows(node).length > 0);
  const [chosen] = shuffled(well, next);
  const [shown] = shuffled(shows(chosen?.node ?? ''), next);
  if (chosen === undefined || shown === undefined) return question;
  const grave = question.bundle.nodes.some(({ health }) => health === 'Failing') ? 'Critical' : shown.severity;
  const finding: Finding = { ...shown, id: `${chosen.node}:decoy`, node: chosen.node, severity: grave };
  const findings = [...chosen.findings, redated(finding, question.bundle, next)];
  return mapped(question, (seen) => (seen === chosen ? { ...seen, findings, health: healthOf(findings) } : seen));
}

/** At some time of the window: the recording that it comes from was made at another. */
function redated({ since: _since, ...finding }: Finding, { window }: EvidenceBundle, next: () => number): Finding {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  return { ...finding, since: new Date(from + next() * (to - from)).toISOString() };
}

function undated(seen: NodeEvidence): NodeEvidence {
  return { ...seen, findings: seen.findings.map(({ since: _since, ...finding }) => finding) };
}

function reordered(question: Question, next: () => number): Question {
  return { ...question, bundle: disordered(question.bundle, next) };
}
