import type { Diagnosed, Iteration } from '../../../controller/api/kinds.ts';
import { isDecoy, scoreOf, type Judgeable } from '../../faults/verdict.ts';
import type { Fault, ProposedFix } from '../../lab/faults/fault.ts';
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
  /** The same of the session's first diagnosis alone. */
  readonly firstAt1: boolean;
  readonly causeAt3: boolean;
  /** Kinds of the true causes; empty where nothing is wrong. */
  readonly trueKinds: readonly string[];
  readonly named: string | null;
  /** A repair was called for, it held, and of the session's acts only right repairs still stand. */
  readonly rightFix: boolean;
  readonly acts: readonly string[];
  /** Acts that made nothing better: taken back, done to what is harmless, or all of a session that healed nothing. */
  readonly uselessActs: readonly string[];
  /** Acts where nothing was wrong, on a decoy, and those of no right kind on a node that was well and has no true cause. */
  readonly falseActs: readonly string[];
  /** It acted, or was allowed to. */
  readonly couldAct: boolean;
  /** Diagnoses that another engine gave in the place of the one that is evaluated: they are not judged. */
  readonly byOthers: number;
  readonly iterations: number;
  readonly seconds: number;
  readonly tokens: number;
}

/** Whether the engine that is evaluated gave it: Causal answers where a model gives no valid answer. */
function isOf(engine: Engine, { engine: by = 'Causal', otherOpinion }: Diagnosed): boolean {
  return engine === 'Causal' || by !== 'Causal' || (engine === 'Both' && otherOpinion !== undefined);
}

/** Whether a model was ever reached: one that answers nothing valid has missed, and one that nobody reaches says nothing. */
export function wasReached(engine: Engine, { usage }: Pick<Ended, 'usage'>, diagnoses: readonly Diagnosed[]): boolean {
  return engine === 'Causal' || (usage.tokens ?? 0) > 0 || diagnoses.some((one) => isOf(engine, one));
}

/** All of a run that is judged: from it a session can be judged again without a lab. */
export interface Told {
  readonly result: Ended;
  /** As the session's status told them, in order. */
  readonly diagnoses: readonly Diagnosed[];
}

export function judgedOf(
  { fault, names, engine }: { readonly fault: Fault; readonly names: WorldNames; readonly engine: Engine },
  { result, diagnoses }: Told,
): Judged {
  const { outcome: expected } = fault.expected;
  const { outcome, asExpected, iterations, seconds } = result;
  const own = diagnoses.filter((one) => isOf(engine, one));
  const told = own.map((diagnosis) => judgeable(diagnosis, outcome));
  const { place, named } = scoreOf(fault, told, names);
  const acts = actsIn(result.history);
  const chosenBy = (act: Iteration): Diagnosed | undefined =>
    diagnoses.find(({ fix }) => fix?.signature === act.signature);
  const fixOf = (act: Iteration): Diagnosed['fix'] => chosenBy(act)?.fix;
  const isRight = (act: Iteration): boolean => isRightRepair(fault.expected, { action: actionOf(act), ...fixOf(act) });
  const standing = acts.filter((act) => act.standing !== 'RolledBack');
  const healed = expected === 'Fixed' && asExpected;
  return {
    outcome,
    expected,
    asExpected,
    seen: result.seen,
    causeAt1: place <= 1,
    causeAt3: place <= 3,
    firstAt1: scoreOf(onceOf(fault), told.slice(0, 1), names).place <= 1,
    trueKinds: kindsOf(fault, names),
    named: named ?? null,
    rightFix: healed && standing.length > 0 && standing.every(isRight),
    acts: acts.map(actionOf),
    uselessActs: acts
      .filter((act) => !healed || !standing.includes(act) || isHarmless(fault.expected, fixOf(act)))
      .map(actionOf),
    falseActs: acts.filter((act) => isFalse(fault, names, actionOf(act), chosenBy(act))).map(actionOf),
    couldAct: acts.length > 0 || (fault.session.mode ?? 'Fix') === 'Fix',
    byOthers: diagnoses.length - own.length,
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

/** What comes first is judged by itself, however many iterations a good session takes. */
function onceOf(fault: Fault): Fault {
  return { ...fault, expected: { ...fault.expected, iterations: 1 } };
}

function isRightRepair(expected: Fault['expected'], fix: ProposedFix): boolean {
  return expected.fixes.includes(fix.action) && !isHarmless(expected, fix);
}

/** Right by its action, and done to what has nothing to do with it. */
function isHarmless(expected: Fault['expected'], fix: ProposedFix | undefined): boolean {
  return fix !== undefined && expected.isRight?.(fix) === false;
}

function isFalse({ expected }: Fault, names: WorldNames, action: string, chosen: Diagnosed | undefined): boolean {
  const node = chosen?.fix?.node;
  if (expected.outcome === 'NoFaultFound' || isDecoy(node)) return true;
  const isAtCause = node !== undefined && expected.causes(names).some((cause) => cause.node === node);
  return !isAtCause && !isIll(node, chosen) && !expected.fixes.includes(action);
}

/** What the diagnosis rests on was found there: ids of findings begin with their node's. */
function isIll(node: string | undefined, { claims = [] }: Diagnosed = {}): boolean {
  return node !== undefined && claims.some(({ findings }) => findings.some((id) => id.startsWith(`${node}:`)));
}

function kindsOf({ expected }: Fault, names: WorldNames): readonly string[] {
  return [...new Set(expected.causes(names).map(({ node, kind }) => kind ?? `${node.split('/').at(-1)} (any)`))];
}
