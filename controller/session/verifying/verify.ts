import type { Plan } from '../../actions/plan.ts';
import type { EvidenceBundle, NodeEvidence } from '../../evidence/bundle.ts';
import type { ResolvedGraph } from '../../topology/resolved.ts';
import type { CheckResult, Prediction } from '../../../skills/skill.ts';
import type { Dependencies } from '../dependencies.ts';
import { graphOf, loadBundle, type Snapshot } from '../snapshot.ts';
import { tellStep } from '../step.ts';
import { sweepTopology } from '../sweep/sweep-topology.ts';
import { windowSince } from '../sweep/window.ts';
import { alertsCheck } from './alerts-resolved.ts';
import { comparisons } from './compare.ts';
import { isConcerned } from './concerned.ts';
import { failureInterval } from './failure-interval.ts';
import { hasImproved } from './improved.ts';
import { runCheck, type Judge } from './judge.ts';
import { awaitRecovery, type Expected } from './recovery.ts';
import { runSessionChecks } from './session-checks.ts';

export interface Verified {
  readonly verdict: 'Pass' | 'Fail' | 'Inconclusive';
  /** The failure that was acted on is gone. */
  readonly improved: boolean;
  readonly checks: readonly CheckResult[];
  /** The moment from which on the world was judged. */
  readonly from: Date;
}

const earlyLookMs = 4000;

/**
 * Judges the world since it came back after the act: the load runs first, then the checks of every node, the diagnosis'
 * predictions, and whether any neighbour got worse. A fix that plainly failed, because the fault is still seen when the
 * predictions' time is over, is not waited for any longer. Source: design section 1.
 */
export async function verify(
  snapshot: Snapshot,
  deps: Dependencies,
  plan: Plan,
  signal: AbortSignal,
): Promise<Verified> {
  const resolved = graphOf(snapshot, deps);
  // What the act was decided on: a later sweep may have seen its effect already.
  const bundle = await loadBundle(snapshot, deps, signal, plan.bundleDigest);
  const acted = new Date(snapshot.status.acting?.endedAt ?? deps.clock.now());
  const expected: Expected = { bundle, healing: { ...snapshot.status.diagnosis, node: plan.node } };
  const { at: from, recovered } = await awaitRecovery({ snapshot, deps, from: acted, signal }, resolved, expected);
  const judge: Judge = { snapshot, deps, from, signal };
  if (!recovered) {
    const result = await look(judge, resolved, { ...expected, tests: [] });
    if (isDefinite(snapshot, result, deps.clock.now().getTime() - acted.getTime())) return result;
  }
  const tests = await runSessionChecks(judge, resolved, plan);
  const until = from.getTime() + windowMs(snapshot, bundle);
  for (;;) {
    const result = await look(judge, resolved, { ...expected, tests });
    const now = deps.clock.now().getTime();
    const left = until - now;
    if (left <= 0 || isDefinite(snapshot, result, now - acted.getTime())) return result;
    tellStep(snapshot, deps, 'verification', 'Watching', `${Math.ceil(left / 1000)} s of the window are left`);
    await deps.clock.sleep(Math.min(left, earlyLookMs), signal);
  }
}

/** At least what the map asks for, and twice the time between the failures seen before. */
function windowMs(snapshot: Snapshot, bundle: EvidenceBundle): number {
  const asked = (snapshot.topology.spec.verify?.stabilizationSeconds ?? 60) * 1000;
  return Math.max(asked, 2 * failureInterval(bundle));
}

/** A prediction whose time is up and that did not come true: waiting longer changes nothing. */
function isDefinite(snapshot: Snapshot, result: Verified, elapsedMs: number): boolean {
  return (snapshot.status.diagnosis?.predictions ?? []).some((prediction) => {
    const name = predictionName(prediction);
    const late = elapsedMs >= prediction.withinSeconds * 1000;
    return (
      late &&
      result.checks.some((check) => check.name === name && check.node === prediction.node && check.verdict === 'Fail')
    );
  });
}

function predictionName(prediction: Prediction): string {
  return `prediction: no ${prediction.findingGone}`;
}

interface Look extends Expected {
  readonly tests: readonly CheckResult[];
}

async function look(judge: Judge, resolved: ResolvedGraph, { bundle, healing, tests }: Look): Promise<Verified> {
  const { snapshot, deps, from, signal } = judge;
  const window = windowSince(from, snapshot, deps);
  const concerned = isConcerned(bundle, healing);
  const targets = resolved.targets.filter(({ node }) => concerned(node));
  const sight = { window, shareable: false, secondLook: true };
  const nodes = await sweepTopology(snapshot.session, resolved, sight, deps, signal);
  // Not both at once: what is asked too much at a time answers late.
  const checked = await Promise.all(
    targets.flatMap((target) => target.skill.checks.map((check) => runCheck(judge, target, check))),
  );
  const predicted = (snapshot.status.diagnosis?.predictions ?? []).map((prediction) => foretold(prediction, nodes));
  const checks = [...predicted, ...checked, ...comparisons(bundle, nodes), ...tests, ...alertsCheck(judge)];
  for (const check of checks) tellCheck(snapshot, deps, check);
  return {
    verdict: verdictOf(checks),
    improved: hasImproved(predicted, bundle),
    checks,
    from,
  };
}

function verdictOf(checks: readonly CheckResult[]): Verified['verdict'] {
  const judged = checks.filter((check) => check.verdict !== 'NotRun');
  if (judged.some((check) => check.verdict === 'Fail')) return 'Fail';
  if (judged.length === 0 || judged.some((check) => check.verdict === 'Inconclusive')) return 'Inconclusive';
  return 'Pass';
}

/** A prediction as a check: the finding is gone from a node that could be seen. */
function foretold(prediction: Prediction, nodes: readonly NodeEvidence[]): CheckResult {
  const evidence = nodes.find((candidate) => candidate.node === prediction.node);
  const name = predictionName(prediction);
  const node = prediction.node;
  if (evidence === undefined || evidence.health === 'Unknown') {
    return { name, node, verdict: 'Inconclusive', summary: `${node} could not be looked at` };
  }
  const found = evidence.findings.find((finding) => finding.kind === prediction.findingGone);
  if (found === undefined) return { name, node, verdict: 'Pass', summary: `${prediction.findingGone} is gone` };
  return { name, node, verdict: 'Fail', summary: found.summary };
}

function tellCheck(snapshot: Snapshot, deps: Dependencies, check: CheckResult): void {
  deps.progress.publish(snapshot.uid, {
    at: deps.clock.now().toISOString(),
    iteration: snapshot.status.iteration ?? 1,
    phase: 'Verifying',
    kind: 'Check',
    subject: `${check.name} ${check.node}`,
    state: check.verdict,
    message: check.summary,
  });
}
