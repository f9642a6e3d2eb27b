import type { Diagnosis } from '../../controller/reasoning/reasoner.ts';
import { isTrueCause, type Fault } from '../lab/faults/fault.ts';
import { decoyNames } from '../lab/world/decoys.ts';
import type { WorldNames } from '../lab/world/names.ts';

const verdicts = { Fixed: 'Cause', Escalated: 'Cause', NoFaultFound: 'NoFault', Inconclusive: 'Inconclusive' } as const;

/** What is wrong with the diagnoses of a fault's session, in the order in which they were made; empty when an expert would agree. */
export function problemsOf({ expected }: Fault, diagnoses: readonly Diagnosis[], names: WorldNames): readonly string[] {
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
function judgedOf({ outcome, iterations }: Fault['expected'], diagnoses: readonly Diagnosis[]): readonly Diagnosis[] {
  const wanted = diagnoses.filter(({ verdict }) => verdict === verdicts[outcome]);
  if (outcome !== 'Fixed' && wanted.length < diagnoses.length) return [];
  return iterations === 1 ? wanted : wanted.slice(-1);
}

function isDecoy(node = ''): boolean {
  return decoyNames.some((name) => node.endsWith(`/${name}`));
}

function fixProblem({ outcome, fixes }: Fault['expected'], action: string | undefined): readonly string[] {
  if (outcome !== 'Fixed') return action === undefined ? [] : [`${action} is proposed where nothing is to be done`];
  return action !== undefined && fixes.includes(action) ? [] : [`${action ?? 'nothing'} is no right repair`];
}
