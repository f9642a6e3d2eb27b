import type { Diagnosis } from '../reasoner.ts';
import { objectionsTo } from '../validate.ts';
import type { Inquiry } from './inquiry.ts';
import { readAnswer } from './read-answer.ts';

/** What is wrong with an answer, for the model to mend; empty when it is accepted. */
export async function objectionsToAnswer(
  input: unknown,
  inquiry: Inquiry,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { diagnosis, faults } = readAnswer(input, inquiry);
  if (diagnosis === undefined) return faults;
  const { bundle, memory, limits, knowledge } = inquiry;
  const action = (id: string) => knowledge.actions.get(id)?.action;
  const objections = [
    ...faults,
    ...objectionsTo(diagnosis, { bundle, memory, limits, action }),
    ...unnamedIn(diagnosis, inquiry),
    ...unofferedIn(diagnosis, inquiry),
    ...unseenBy(diagnosis, inquiry),
  ];
  return objections.length > 0 ? objections : unmadeEdits(diagnosis, inquiry, signal);
}

/**
 * Causes are compared, counted and remembered by their kinds, so a kind is a known cause or that of a finding. Alternatives are
 * of nodes that are there.
 */
function unnamedIn({ rootCause, alternatives }: Diagnosis, { knowledge, bundle }: Inquiry): readonly string[] {
  const known = new Set([
    ...[...knowledge.skills.values()].flatMap(({ remedies }) => remedies.map(({ cause }) => cause)),
    ...bundle.graph.nodes.flatMap(({ remedies = [] }) => remedies.map(({ cause }) => cause)),
    ...bundle.nodes.flatMap(({ findings }) => findings.map(({ kind }) => kind)),
  ]);
  const nodes = new Set(bundle.graph.nodes.map(({ id }) => id));
  const causes = [...(rootCause === undefined ? [] : [rootCause]), ...alternatives];
  return [
    ...causes.filter(({ kind }) => !known.has(kind)).map(({ kind }) => `${kind} is no known cause and no finding`),
    ...alternatives
      .filter(({ node }) => !nodes.has(node))
      .map(({ node }) => `there is no node ${node} for another cause`),
  ];
}

/** What is allowed by the map and makes no sense: an action of one system on a node of another. */
function unofferedIn({ fix }: Diagnosis, { offers, limits }: Inquiry): readonly string[] {
  if (fix === undefined || !limits.allowed(fix.action, fix.node)) return [];
  return offers.get(fix.action)?.includes(fix.node) === true ? [] : [`${fix.action} is not for ${fix.node}`];
}

/** Whatever data says, an all-clear needs that everything was looked at and that nothing ill could be the cause. */
function unseenBy({ verdict }: Diagnosis, { blind, examination }: Inquiry): readonly string[] {
  if (verdict !== 'NoFault') return [];
  const ill = examination.suspects.map(({ unit }) => unit);
  return [
    ...(blind.unseen.length === 0
      ? []
      : [`nobody looked at ${blind.unseen.join(', ')}: with them unseen the verdict is Inconclusive`]),
    ...(ill.length === 0
      ? []
      : [`${ill.slice(0, 5).join(', ')} may be the cause: the verdict is Cause or Inconclusive`]),
  ];
}

async function unmadeEdits({ fix }: Diagnosis, { desk }: Inquiry, signal: AbortSignal): Promise<readonly string[]> {
  return fix?.class === 'Code' ? desk.faultsOf(fix.action, fix.node, fix.parameters, signal) : [];
}
