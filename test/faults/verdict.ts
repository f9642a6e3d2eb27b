import type { Diagnosis } from '../../controller/reasoning/reasoner.ts';
import { isTrueCause, type Cause, type Fault } from '../lab/faults/fault.ts';
import { decoyNames } from '../lab/world/decoys.ts';
import type { WorldNames } from '../lab/world/names.ts';

const verdicts = { Fixed: 'Cause', Escalated: 'Cause', NoFaultFound: 'NoFault', Inconclusive: 'Inconclusive' } as const;

/** What of a diagnosis is judged: a whole one has it, and what a session's status tells of one. */
export interface Judgeable {
  readonly verdict: Diagnosis['verdict'];
  readonly rootCause?: Named;
  readonly alternatives: readonly Named[];
  readonly fix?: { readonly action: string };
}

type Named = Required<Cause>;

/** What is wrong with the diagnoses of a fault's session, in the order in which they were made; empty when an expert would agree. */
export function problemsOf({ expected }: Fault, diagnoses: readonly Judgeable[], names: WorldNames): readonly string[] {
  const causes = expected.causes(names);
  const judged = judgedOf(expected, diagnoses);
  return [
    ...(judged.length === 0 ? [`none of ${diagnoses.length} diagnoses says ${verdicts[expected.outcome]}`] : []),
    ...diagnoses.flatMap(({ rootCause }) =>
      isDecoy(rootCause?.node) ? [`the decoy ${rootCause?.node} is named`] : [],
    ),
    ...judged.flatMap(({ rootCause }) =>
      isTrueCause(causes, rootCause) ? [] : [`${rootCause?.kind} at ${rootCause?.node} is no true cause`],
    ),
    ...judged.flatMap(({ fix }) => fixProblem(expected, fix?.action)),
  ];
}

/**
 * Those that must be right: every one where a good session takes one iteration. Where it takes several, what comes first may well be
 * another cause (that is what they are for), so the last one; one that only says that a fix has done its work is none of them.
 */
function judgedOf({ outcome, iterations }: Fault['expected'], diagnoses: readonly Judgeable[]): readonly Judgeable[] {
  const wanted = diagnoses.filter(({ verdict }) => verdict === verdicts[outcome]);
  if (outcome !== 'Fixed' && wanted.length < diagnoses.length) return [];
  return iterations === 1 ? wanted : wanted.slice(-1);
}

export interface Score {
  /** Where the worst of the judged diagnoses has a true cause, from 1: its root cause, then its alternatives. Infinity where nowhere. */
  readonly place: number;
  /** Kind of the cause that this one names. */
  readonly named: string | undefined;
  /** Each judged diagnosis proposes a right repair, and none where none is to be had. */
  readonly fixIsRight: boolean;
}

/** How well a session's diagnoses, in the order in which they were made, fit what is true of its fault. */
export function scoreOf({ expected }: Fault, diagnoses: readonly Judgeable[], names: WorldNames): Score {
  const causes = expected.causes(names);
  const judged = judgedOf(expected, diagnoses);
  const worst = judged.toSorted((a, b) => placeOf(causes, b) - placeOf(causes, a))[0];
  return {
    place: worst === undefined ? Infinity : placeOf(causes, worst),
    named: (worst ?? diagnoses.at(-1))?.rootCause?.kind,
    fixIsRight: judged.length > 0 && judged.every(({ fix }) => fixProblem(expected, fix?.action).length === 0),
  };
}

function placeOf(causes: readonly Cause[], { rootCause, alternatives }: Judgeable): number {
  if (rootCause === undefined) return causes.length === 0 ? 1 : Infinity;
  const place = [rootCause, ...alternatives].findIndex((one) => isTrueCause(causes, one)) + 1;
  return place === 0 ? Infinity : place;
}

export function isDecoy(node = ''): boolean {
  return decoyNames.some((name) => node.endsWith(`/${name}`));
}

function fixProblem({ outcome, fixes }: Fault['expected'], action: string | undefined): readonly string[] {
  if (outcome !== 'Fixed') return action === undefined ? [] : [`${action} is proposed where nothing is to be done`];
  return action !== undefined && fixes.includes(action) ? [] : [`${action ?? 'nothing'} is no right repair`];
}
