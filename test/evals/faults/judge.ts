import type { Diagnosed, Iteration } from '../../../controller/api/kinds.ts';
import { isDecoy, scoreOf, type Judgeable } from '../../faults/verdict.ts';
import type { Fault } from '../../lab/faults/fault.ts';
import type { Judged as Ended } from '../../lab/host/run-result.ts';
import type { Engine } from '../../lab/host/session.ts';
import type { WorldNames } from '../../lab/world/names.ts';

/** What one session came to, against what is true of its fault. */
export interface Judged {
  readonly outcome: string;
  readonly expected: string;
  /** The outcome is the one that is called for, and a Fixed held when an onlooker asked. */
  readonly asExpected: boolean;
  /** What the onlooker saw. */
  readonly seen: string;
  /** A true cause is the root cause, or is among it and the first two alternatives: in every diagnosis that must be right. */
  readonly causeAt1: boolean;
  readonly causeAt3: boolean;
  /** Kinds of the true causes; empty where nothing is wrong. */
  readonly trueKinds: readonly string[];
  readonly named: string | null;
  /** A repair was called for, it held, and of the session's acts only right repairs still stand. */
  readonly rightFix: boolean;
  readonly acts: readonly string[];
  /** Acts that made nothing better: taken back, or all of a session that healed nothing. */
  readonly uselessActs: readonly string[];
  /** Acts where nothing was wrong, or on a node that has nothing to do with it. */
  readonly falseActs: readonly string[];
  readonly iterations: number;
  readonly seconds: number;
  readonly tokens: number;
}

/** Whether the engine that was asked for had a say: where one cannot be had, Causal answers in its place. */
export function hadASay(engine: Engine, diagnoses: readonly Diagnosed[]): boolean {
  return (
    engine === 'Causal' ||
    diagnoses.some((one) => one.otherOpinion !== undefined || (one.engine ?? 'Causal') !== 'Causal')
  );
}

/** @param diagnoses as the session's status told them, in order */
export function judgedOf(fault: Fault, names: WorldNames, result: Ended, diagnoses: readonly Diagnosed[]): Judged {
  const { outcome: expected, fixes } = fault.expected;
  const { outcome, asExpected, iterations, seconds } = result;
  const told = diagnoses.map((diagnosis) => judgeable(diagnosis, outcome));
  const { place, named } = scoreOf(fault, told, names);
  const acts = actsIn(result.history);
  const standing = acts.filter((act) => act.standing !== 'RolledBack');
  const healed = expected === 'Fixed' && asExpected;
  return {
    outcome,
    expected,
    asExpected,
    seen: result.seen,
    causeAt1: place <= 1,
    causeAt3: place <= 3,
    trueKinds: kindsOf(fault, names),
    named: named ?? null,
    rightFix: healed && standing.length > 0 && standing.every((act) => fixes.includes(actionOf(act))),
    acts: acts.map(actionOf),
    uselessActs: acts.filter((act) => !healed || !standing.includes(act)).map(actionOf),
    falseActs: acts.filter((act) => expected === 'NoFaultFound' || isOnDecoy(act, diagnoses)).map(actionOf),
    iterations,
    seconds,
    tokens: result.usage.tokens ?? 0,
  };
}

/** The status keeps no verdict: one that names no cause says that all is well, or that it cannot tell. */
function judgeable({ rootCause, alternatives = [], fix }: Diagnosed, outcome: string): Judgeable {
  const nothing = outcome === 'NoFaultFound' ? 'NoFault' : 'Inconclusive';
  return {
    verdict: rootCause === undefined ? nothing : 'Cause',
    alternatives,
    ...(rootCause === undefined ? {} : { rootCause }),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** What was done to the world, each once, however often it was verified. */
function actsIn(history: readonly Iteration[]): readonly Iteration[] {
  const made = history.filter(({ signature, standing }) => signature !== undefined && standing !== 'NotApplied');
  return made.filter(({ plan }, index) => index === made.findLastIndex((other) => other.plan === plan));
}

/** A signature begins with its action. */
function actionOf({ signature = '' }: Iteration): string {
  return signature.split(' ')[0] ?? '';
}

function isOnDecoy({ signature }: Iteration, diagnoses: readonly Diagnosed[]): boolean {
  return diagnoses.some(({ fix }) => fix?.signature === signature && isDecoy(fix?.node));
}

function kindsOf({ expected }: Fault, names: WorldNames): readonly string[] {
  return [...new Set(expected.causes(names).map(({ node, kind }) => kind ?? `${node.split('/').at(-1)} (any)`))];
}
