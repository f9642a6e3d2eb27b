import { canonicalJson } from '../../evidence/canonical.ts';
import type { Diagnosis, Limits } from '../../reasoning/reasoner.ts';
import { objectionsTo } from '../../reasoning/validate.ts';
import { isAllowed, whyUnavailable } from '../allowed.ts';
import type { Dependencies } from '../dependencies.ts';
import { diagnosisStatus } from '../diagnosis-status.ts';
import { nextIteration } from '../iterate.ts';
import { memoryOf } from '../memory.ts';
import { graphOf, loadBundle, stepOf, type Snapshot } from '../snapshot.ts';
import { livePlan, verifyAgain, type LivePlan } from '../verify-again.ts';
import { advance, end, stall, wait, type Transition } from '../transition.ts';

interface Diagnosed {
  readonly diagnosis: Diagnosis;
  readonly objections: readonly string[];
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
  const bundle = await loadBundle(snapshot, deps, signal);
  const memory = memoryOf(snapshot.status);
  const resolved = graphOf(snapshot, deps);
  const unavailable = new Set<string>();
  const limits: Limits = {
    allowed(action, node) {
      const reason = whyUnavailable(deps, resolved, action, node);
      if (reason !== undefined) unavailable.add(`${action} is not available at ${node}: ${reason}`);
      return isAllowed(snapshot, deps, resolved, action, node);
    },
  };
  const diagnosis = await deps.reasoner.diagnose(bundle, memory, limits, signal);
  const action = (id: string) => deps.actions.get(id)?.action;
  const objections = [...objectionsTo(diagnosis, { bundle, memory, limits, action }), ...tooLarge(diagnosis)];
  const live = diagnosis.verdict === 'Cause' ? undefined : await livePlan(snapshot, deps, signal);
  const gaps = [...diagnosis.gaps, ...unavailable];
  return { diagnosis: { ...diagnosis, gaps }, objections, live };
}

/** Parameters are kept whole or not at all: cut in the middle they would be others. */
const maxParameters = 4000;

function tooLarge({ fix }: Diagnosis): readonly string[] {
  const size = fix === undefined ? 0 : canonicalJson(fix.parameters).length;
  return size > maxParameters ? [`the parameters have ${size} characters, more than ${maxParameters}`] : [];
}

function conclude(snapshot: Snapshot, deps: Dependencies, { diagnosis, objections, live }: Diagnosed): Transition {
  if (objections.length > 0) {
    const message = `The diagnosis of ${diagnosis.engine} was refused: ${objections.join('; ')}`;
    return advance('Escalated', {}, { type: 'Warning', reason: 'DiagnosisRefused', message: message.slice(0, 1000) });
  }
  const patch = { diagnosis: diagnosisStatus(diagnosis) };
  if (diagnosis.verdict !== 'Cause')
    return live === undefined ? nothingFound(snapshot, deps, diagnosis) : verifyAgain(snapshot, deps, live);
  const cause = diagnosis.rootCause;
  const message = `${cause?.kind} at ${cause?.node}: ${cause?.summary ?? ''}`.slice(0, 1000);
  if (snapshot.session.spec.mode === 'Diagnose')
    return end('Diagnosed', patch, { type: 'Normal', reason: 'Diagnosed', message });
  if (diagnosis.fix === undefined) {
    const left = `${message}; no allowed fix that was not tried is left`.slice(0, 1000);
    return advance('Escalated', patch, { type: 'Warning', reason: 'NothingLeftToTry', message: left });
  }
  return advance('Planning', patch, { type: 'Normal', reason: 'Diagnosed', message });
}

/** A fault was seen in this session and nothing that helps is in place: it comes and goes, and is looked for again. */
function lookAgain(snapshot: Snapshot, deps: Dependencies): Transition {
  const result = 'fail - nothing is seen just now, although nothing in place could have mended it';
  return nextIteration(snapshot, deps, { result, standing: 'NotApplied', progressed: false });
}

/** Without a fix in place: there is no fault, or no telling. */
function nothingFound(snapshot: Snapshot, deps: Dependencies, diagnosis: Diagnosis): Transition {
  const patch = { diagnosis: diagnosisStatus(diagnosis) };
  if (diagnosis.verdict === 'Inconclusive' && (snapshot.status.history ?? []).length === 0) {
    const message = `Nothing found, but not all could be seen: ${diagnosis.gaps.slice(0, 5).join('; ')}`.slice(0, 1000);
    return end('Inconclusive', patch, { type: 'Warning', reason: 'Inconclusive', message });
  }
  const { history = [] } = snapshot.status;
  if (history.length > 0) return lookAgain(snapshot, deps);
  return end('NoFaultFound', patch);
}
