import type { KeptDiagnosis, Question } from '../../reasoning/question.ts';
import type { Diagnosis } from '../../reasoning/reasoner.ts';
import { objectionsTo } from '../../reasoning/validate.ts';
import type { Dependencies } from '../dependencies.ts';
import { diagnosisStatus } from '../diagnosis-status.ts';
import { consult } from '../diagnosing/consult.ts';
import { opinionText } from '../diagnosing/opinions.ts';
import { questionOf, reasonerLimits } from '../diagnosing/question.ts';
import { nextIteration } from '../iterate.ts';
import { lookOnceMore } from '../look-once-more.ts';
import { graphOf, iterationOf, stepOf, type Snapshot } from '../snapshot.ts';
import { livePlan, verifyAgain, type LivePlan } from '../verify-again.ts';
import { advance, end, stall, wait, type StatusPatch, type Transition } from '../transition.ts';

interface Diagnosed {
  readonly diagnosis: Diagnosis;
  readonly objections: readonly string[];
  /** The same for the status. */
  readonly patch: Pick<StatusPatch, 'diagnosis'>;
  /** Where nothing is wrong any more: the fix that is live. */
  readonly live: LivePlan | undefined;
}

/** Lets the reasoner read the frozen evidence and what was tried, and holds its answer against the rules. */
export function diagnosing(snapshot: Snapshot, deps: Dependencies): Promise<Transition> {
  const step = stepOf(snapshot, 'diagnose');
  const progress = deps.runner.ask(snapshot.uid, step, (signal) => diagnose(snapshot, deps, signal));
  switch (progress.state) {
    case 'Running':
      return Promise.resolve(wait('Diagnosing', 'Waiting for the reasoner'));
    case 'Failed':
      deps.runner.forgetAfter(snapshot.uid, step, 5000, deps.clock);
      return Promise.resolve(stall('DiagnosisFailed', String(progress.error), 5000));
    case 'Done':
      return Promise.resolve(conclude(snapshot, deps, progress.value));
  }
}

async function diagnose(snapshot: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<Diagnosed> {
  const resolved = graphOf(snapshot, deps);
  const { question, told: known, ...looks } = await questionOf(snapshot, deps, resolved, signal);
  const unavailable = new Set<string>();
  const limits = reasonerLimits(question, deps, resolved, unavailable);
  const { first, other, gaps } = await consult(snapshot, deps, { question, limits, resolved, ...looks }, signal);
  const action = (id: string) => deps.actions.get(id)?.action;
  const objections = objectionsTo(first, { ...question, limits, action });
  const live = first.verdict === 'Cause' ? undefined : await livePlan(snapshot, deps, signal);
  const told = { ...first, gaps: [...known, ...gaps, ...first.gaps, ...unavailable] };
  const contentDigest = await keep(snapshot, deps, question, first, signal);
  const opinion = other === undefined ? {} : { otherOpinion: await opinionOf(snapshot, deps, question, other, signal) };
  const patch = { diagnosis: { ...diagnosisStatus(told), contentDigest, ...opinion } };
  return { diagnosis: told, objections, patch, live };
}

/** Whole, and with what it was made from besides the bundle, so that it can be made again. */
function keep(
  snapshot: Snapshot,
  deps: Dependencies,
  { memory, allowed }: Question,
  diagnosis: Diagnosis,
  signal: AbortSignal,
): Promise<string> {
  const { predictionSeconds } = deps.timings;
  const kept: KeptDiagnosis = { formatVersion: 1, predictionSeconds, memory, allowed, diagnosis };
  return deps.evidence.save(snapshot.session, iterationOf(snapshot), 'Diagnosis', kept, signal);
}

async function opinionOf(
  snapshot: Snapshot,
  deps: Dependencies,
  question: Question,
  other: Diagnosis,
  signal: AbortSignal,
): Promise<NonNullable<NonNullable<StatusPatch['diagnosis']>['otherOpinion']>> {
  const contentDigest = await keep(snapshot, deps, question, other, signal);
  return { engine: other.engine, summary: opinionText(other), contentDigest };
}

function conclude(snapshot: Snapshot, deps: Dependencies, diagnosed: Diagnosed): Transition {
  const { diagnosis, objections, patch, live } = diagnosed;
  if (objections.length > 0) {
    const message = `The diagnosis of ${diagnosis.engine} was refused: ${objections.join('; ')}`;
    return advance('Escalated', {}, { type: 'Warning', reason: 'DiagnosisRefused', message });
  }
  const again = lookOnceMore(snapshot, deps, diagnosis, patch);
  if (again !== undefined) return again;
  if (diagnosis.verdict !== 'Cause')
    return live === undefined ? nothingFound(snapshot, deps, diagnosed) : verifyAgain(snapshot, deps, live);
  const cause = diagnosis.rootCause;
  const message = `${cause?.kind} at ${cause?.node}: ${cause?.summary ?? ''}`;
  if (snapshot.session.spec.mode === 'Diagnose')
    return end('Diagnosed', patch, { type: 'Normal', reason: 'Diagnosed', message });
  if (diagnosis.fix === undefined) {
    const left = `${message}; no allowed fix that was not tried is left`;
    return advance('Escalated', patch, { type: 'Warning', reason: 'NothingLeftToTry', message: left });
  }
  return advance('Planning', patch, { type: 'Normal', reason: 'Diagnosed', message });
}

/** A fault was seen in this session and nothing that helps is in place: it comes and goes, and is looked for again. */
function lookAgain(snapshot: Snapshot, deps: Dependencies): Transition {
  const result = 'fail - nothing is seen just now, although nothing in place could have mended it';
  return nextIteration(snapshot, deps, { result, standing: 'NotApplied', progressed: false });
}

/** Without a fix in place: there is no fault, or no telling. What the first of two looks saw a person is told of. */
function nothingFound(snapshot: Snapshot, deps: Dependencies, { diagnosis, patch }: Diagnosed): Transition {
  if (diagnosis.verdict === 'Inconclusive' && (snapshot.status.history ?? []).length === 0) {
    const message = `Nothing found, but not all could be seen: ${diagnosis.gaps.slice(0, 5).join('; ')}`;
    return end('Inconclusive', patch, { type: 'Warning', reason: 'Inconclusive', message });
  }
  const { history = [] } = snapshot.status;
  if (history.length > 0) return lookAgain(snapshot, deps);
  const gone = iterationOf(snapshot) === 1 ? snapshot.status.diagnosis?.rootCause : undefined;
  if (gone === undefined) return end('NoFaultFound', patch);
  const message = `${gone.kind} at ${gone.node} was seen and is not there any more: ${gone.summary}`;
  return advance('Escalated', {}, { type: 'Warning', reason: 'CameAndWent', message });
}
