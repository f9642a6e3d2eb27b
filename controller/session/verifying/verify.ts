import type { Plan } from '../../actions/plan.ts';
import type { EvidenceBundle, NodeEvidence } from '../../evidence/bundle.ts';
import { keyOf, type ProbeTarget, type ResolvedGraph } from '../../topology/resolved.ts';
import type { CheckResult, Prediction } from '../../../skills/skill.ts';
import type { Dependencies } from '../dependencies.ts';
import { graphOf, loadBundle, type Snapshot } from '../snapshot.ts';
import { tellStep } from '../step.ts';
import { reasonOf } from '../sweep/probe-node.ts';
import { sweepTopology } from '../sweep/sweep-topology.ts';
import { comparisons } from './compare.ts';
import { failureInterval } from './failure-interval.ts';

export interface Verified {
  readonly verdict: 'Pass' | 'Fail' | 'Inconclusive';
  /** The failure that was acted on is gone. */
  readonly improved: boolean;
  readonly checks: readonly CheckResult[];
}

const earlyLookMs = 4000;

/**
 * Judges the world since the act: the load runs first, then the checks of every node, the diagnosis' predictions, and whether
 * any neighbour got worse. Looks early too, so that a fix that plainly failed is not waited for. Source: design section 1.
 */
export async function verify(
  snapshot: Snapshot,
  deps: Dependencies,
  plan: Plan,
  signal: AbortSignal,
): Promise<Verified> {
  const resolved = graphOf(snapshot, deps);
  const bundle = await loadBundle(snapshot, deps, signal);
  const from = new Date(snapshot.status.acting?.endedAt ?? deps.clock.now());
  const judge: Judge = { snapshot, deps, from, signal };
  const tests = await runSessionChecks(judge, resolved, plan);
  const until = from.getTime() + windowMs(snapshot, bundle);
  for (;;) {
    const left = until - deps.clock.now().getTime();
    const result = await look(judge, resolved, { bundle, tests });
    const elapsed = deps.clock.now().getTime() - from.getTime();
    if (left <= 0 || isDefinite(snapshot, result, elapsed)) return result;
    tellStep(snapshot, deps, 'verification', 'Watching', `${Math.ceil(left / 1000)} s of the window are left`);
    await deps.clock.sleep(Math.min(left, earlyLookMs), signal);
  }
}

/** At least what the map asks for, twice the time between the failures seen before, and what the predictions need. */
function windowMs(snapshot: Snapshot, bundle: EvidenceBundle): number {
  const asked = (snapshot.topology.spec.verify?.stabilizationSeconds ?? 60) * 1000;
  const foretell = (snapshot.status.diagnosis?.predictions ?? []).map(({ withinSeconds }) => withinSeconds * 1000);
  return Math.max(asked, 2 * failureInterval(bundle), ...foretell);
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

/** What every check of one verification is made with. */
interface Judge {
  readonly snapshot: Snapshot;
  readonly deps: Dependencies;
  /** The moment from which the world counts. */
  readonly from: Date;
  readonly signal: AbortSignal;
}

interface Look {
  readonly bundle: EvidenceBundle;
  readonly tests: readonly CheckResult[];
}

async function look(judge: Judge, resolved: ResolvedGraph, { bundle, tests }: Look): Promise<Verified> {
  const { snapshot, deps, from, signal } = judge;
  const window = { from, to: deps.clock.now() };
  const nodes = await sweepTopology(snapshot.session, resolved, { window, shareable: false }, deps, signal);
  const predicted = (snapshot.status.diagnosis?.predictions ?? []).map((prediction) => foretold(prediction, nodes));
  const checked = await Promise.all(
    resolved.targets.flatMap((target) => target.skill.checks.map((check) => runCheck(judge, target, check))),
  );
  const checks = [...predicted, ...checked, ...comparisons(bundle, nodes), ...tests];
  for (const check of checks) tellCheck(snapshot, deps, check);
  return {
    verdict: verdictOf(checks),
    improved: predicted.every((result) => result.verdict === 'Pass'),
    checks,
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

type Check = ProbeTarget['skill']['checks'][number];

async function runCheck(judge: Judge, target: ProbeTarget, check: Check): Promise<CheckResult> {
  const { snapshot, deps, from, signal } = judge;
  const { node, name, type, skill, topology } = target;
  // A skill without a probe makes traffic, which its server counts as a write.
  const access = skill.probe === undefined ? 'Write' : 'Read';
  const use = { skill, access, topology: keyOf(topology), shareable: false } as const;
  const { verify: thresholds = {}, tests = {} } = topology.spec;
  try {
    return await check.run({
      node: { id: node, name, type, with: target.with },
      tools: deps.tools.toolsFor(snapshot.session, use),
      clock: deps.clock,
      window: { from, to: deps.clock.now() },
      // The blocks hold JSON as the API server stored them.
      thresholds: { ...thresholds, tests: JSON.parse(JSON.stringify(tests)) },
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    return { name: check.name, node, verdict: 'Inconclusive', summary: reasonOf(error) };
  }
}

/** Load and UI tests of the session's own map and of the map that was acted on. */
async function runSessionChecks(judge: Judge, resolved: ResolvedGraph, plan: Plan): Promise<readonly CheckResult[]> {
  const { snapshot, deps } = judge;
  const maps = new Map([[keyOf(snapshot.topology), snapshot.topology]]);
  const acted = resolved.topologies.get(plan.topology);
  if (acted !== undefined) maps.set(plan.topology, acted);
  const results: CheckResult[] = [];
  for (const topology of maps.values()) {
    const node = resolved.services.get(keyOf(topology)) ?? topology.spec.service;
    for (const { check, skill } of deps.sessionChecks) {
      tellStep(snapshot, deps, check.name, 'Running', `on ${node}`);
      const target = { node, name: node, type: 'service', skill, with: {}, identity: '', topology };
      results.push(await runCheck(judge, target, check));
    }
  }
  return results;
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
