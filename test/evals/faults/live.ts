import type { DebugSession, Diagnosed } from '../../../controller/api/kinds.ts';
import { watchDiagnoses } from '../../faults/watch-diagnoses.ts';
import { faultNamed } from '../../lab/faults/catalogue.ts';
import { modelIn } from '../../lab/host/model.ts';
import type { Platform } from '../../lab/host/platform.ts';
import type { RunEvent } from '../../lab/host/run-events.ts';
import { runFault, secondsOf } from '../../lab/host/run-fault.ts';
import { resultOf, type Judged as Ended } from '../../lab/host/run-result.ts';
import { namesOf, type EvalCase } from './cases.ts';
import { judgedOf, wasReached, type Judged, type Told } from './judge.ts';

export interface Place {
  readonly platform: Platform;
  /** New for each run. */
  readonly namespace: string;
}

/** A session that takes longer has failed; a lab that takes longer is broken. */
const sessionSeconds = 600;
const labMs = 20 * 60_000;

/** Runs a case from injection to pull request or escalation. @throws what broke the lab */
export async function runCase(
  one: EvalCase,
  place: Place,
  signal: AbortSignal,
): Promise<Judged & { readonly told: Told }> {
  const fault = faultNamed(one.fault);
  const isDisguised = one.form === 'disguised';
  const names = namesOf(one.form);
  const watch = watchDiagnoses();
  const model = modelIn(process.env);
  let last: DebugSession | undefined;
  const tell = (event: RunEvent): void => {
    watch.tell(event);
    if (event.kind === 'Session') last = event.session;
  };
  const unended = (error: unknown): Ended => {
    if (last === undefined || !isOutOfTime(error)) throw error;
    const judgement = { healed: false, seen: `the session did not end within ${sessionSeconds} s` };
    return { ...resultOf({ fault, names, session: last, judgement, seconds: secondsOf(last) }), asExpected: false };
  };
  const result = await runFault(fault, {
    ...place,
    tell,
    names,
    decoys: isDisguised,
    engine: one.engine,
    ...(one.engine === 'Causal' || typeof model === 'string' ? {} : { model }),
    sessionSeconds,
    judgeAfterSeconds: 10,
    signal: AbortSignal.any([signal, AbortSignal.timeout(labMs)]),
  }).catch(unended);
  signal.throwIfAborted();
  const diagnoses = watch.seen.flatMap(({ diagnosis }): readonly Diagnosed[] =>
    diagnosis === undefined ? [] : [diagnosis],
  );
  if (!wasReached(one.engine, result, diagnoses)) throw new Error(`the model of ${one.engine} was never reached`);
  const told = { result, diagnoses };
  return { ...judgedOf({ fault, names, engine: one.engine }, told), told };
}

/** By a signal's own reason, or by what was ended upon it. */
function isOutOfTime(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'TimeoutError' || isOutOfTime(error.cause);
}
