import type { NodeEvidence } from '../../evidence/bundle.ts';
import { fittedBundle, roomForBundle } from '../../evidence/fit-bundle.ts';
import { setCondition } from '../../kube/conditions.ts';
import { withDrift } from '../../topology/drift/drift.ts';
import type { ResolvedGraph } from '../../topology/resolved.ts';
import { tellStep } from '../step.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ProbeWindow } from '../../../skills/lib/time.ts';
import { withLiveRefs } from '../sweep/live-refs.ts';
import { bundleOf, sweepSummary, sweepTopology, symptomOf } from '../sweep/sweep-topology.ts';
import { firstWindow, windowSince } from '../sweep/window.ts';
import { advance, stall, wait, type Status, type Transition } from '../transition.ts';
import { graphOf, iterationOf, stepOf, type Snapshot } from '../snapshot.ts';
import { redactHead } from '../../redaction/redact.ts';

interface Swept {
  readonly sweep: NonNullable<Status['sweep']>;
  /** Of all bundles that the session keeps. */
  readonly evidenceBytes: number;
}

/** Probes every node at once and freezes the evidence. Running it again after a crash only reads again. */
export function sweeping(snapshot: Snapshot, deps: Dependencies): Promise<Transition> {
  const progress = deps.runner.ask(snapshot.uid, stepOf(snapshot, 'sweep'), (signal) => sweep(snapshot, deps, signal));
  switch (progress.state) {
    case 'Running':
      return Promise.resolve(wait('Sweeping', 'Waiting for the probes'));
    case 'Failed':
      deps.runner.forgetAfter(snapshot.uid, stepOf(snapshot, 'sweep'), retryMs(deps), deps.clock);
      return Promise.resolve(failed(deps, progress.error));
    case 'Done': {
      return Promise.resolve(swept(snapshot, deps, progress.value));
    }
  }
}

/** A production operator waits seconds between two looks, the lab tenths of one. */
function retryMs({ timings }: Dependencies): number {
  return Math.max(1000, timings.pollMs * 2);
}

/** Not one node could be looked at: there is nothing to reason about until something is mended. */
class NothingSeen extends Error {}

function assertSeen({ targets }: ResolvedGraph, nodes: readonly NodeEvidence[]): void {
  const visible = new Set(targets.filter(({ skill }) => skill.probe !== undefined).map(({ node }) => node));
  if (nodes.some(({ node, health }) => visible.has(node) && health !== 'Unknown')) return;
  const reasons = nodes
    .filter(({ health }) => health === 'Unknown')
    .map(({ node, gaps }) => `${node}: ${gaps[0]?.reason ?? ''}`);
  throw new NothingSeen(`No node could be looked at. ${reasons.join('; ')}`);
}

function failed(deps: Dependencies, error: unknown): Transition {
  if (error instanceof NothingSeen) return stall('NothingSeen', error.message, retryMs(deps));
  return stall('SweepFailed', error instanceof Error ? error.message : String(error), retryMs(deps));
}

function swept(snapshot: Snapshot, deps: Dependencies, { sweep, evidenceBytes }: Swept): Transition {
  const { nodes = [] } = sweep;
  const ill = nodes.filter((node) => node.health !== 'Healthy').length;
  const unseen = nodes.filter((node) => node.health === 'Unknown');
  const message = `Looked at ${nodes.length} nodes, ${ill} of them not healthy`;
  const said = unseen.map(({ node, summary = '' }) => `${node}: ${summary}`).join('; ');
  const { generation: observedGeneration } = snapshot.session.metadata;
  const seen =
    unseen.length === 0
      ? ({ status: 'True', reason: 'AllSeen', message } as const)
      : ({ status: 'False', reason: 'NodesUnknown', message: redactHead(said, 1000) } as const);
  const wanted = { type: 'NodesSeen', observedGeneration, ...seen };
  const conditions = setCondition(snapshot.status.conditions, wanted, deps.clock.now());
  const type = unseen.length === 0 ? 'Normal' : 'Warning';
  const told = unseen.length === 0 ? message : `${message}; not seen: ${said}`;
  return advance(
    'Diagnosing',
    { sweep, conditions, usage: { evidenceBytes } },
    { type, reason: 'Swept', message: redactHead(told, 1000) },
  );
}

async function sweep(snapshot: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<Swept> {
  const resolved = await withLiveRefs(snapshot, deps, graphOf(snapshot, deps), signal);
  const { at, window, nodes: looked } = await look(snapshot, deps, resolved, signal);
  assertSeen(resolved, looked);
  const nodes = withDrift(resolved.graph, looked);
  const symptom = symptomOf(snapshot.session, snapshot.topology, resolved);
  const { evidenceBytes: before = 0 } = snapshot.status.usage ?? {};
  const seen = bundleOf(snapshot.session, resolved, { symptom, at, window, nodes });
  const { bundle, bytes } = await fittedBundle(seen, roomForBundle(before));
  const digest = await deps.evidence.save(snapshot.session, iterationOf(snapshot), 'Bundle', bundle, signal);
  return { sweep: sweepSummary(bundle, digest, deps.clock.now()), evidenceBytes: before + bytes };
}

interface Looked {
  readonly at: Date;
  readonly window: ProbeWindow;
  readonly nodes: readonly NodeEvidence[];
}

/**
 * One look; after an act that was taken back as many as it takes until the fault shows again, because a rollback replaces what had
 * failed and nothing in place could have mended it. Not longer than a fix would be watched, twice over.
 */
async function look(
  snapshot: Snapshot,
  deps: Dependencies,
  resolved: ResolvedGraph,
  signal: AbortSignal,
): Promise<Looked> {
  const { verify: { stabilizationSeconds = 60 } = {} } = snapshot.topology.spec;
  const until = deps.clock.monotonicMs() + 2000 * stabilizationSeconds;
  for (;;) {
    const at = deps.clock.now();
    const window = windowOf(snapshot, at, deps);
    const sight = { window, shareable: !hasActed(snapshot), secondLook: true };
    const nodes = await sweepTopology(snapshot.session, resolved, sight, deps, signal);
    const enough = !mustShow(snapshot) || shows(snapshot, nodes) || deps.clock.monotonicMs() >= until;
    if (enough) return { at, window, nodes };
    tellStep(snapshot, deps, 'sweep', 'Waiting', 'the fault does not show again yet');
    await deps.clock.sleep(deps.timings.pollMs * 4, signal);
  }
}

/** The fault was seen in this session, and nothing that helps is in place. */
function mustShow({ status: { history = [] } }: Snapshot): boolean {
  return history.length > 0 && !history.some((entry) => entry.standing === 'Kept');
}

/** What was to go is there again; where nothing was foretold, something is broken. */
function shows({ status }: Snapshot, nodes: readonly NodeEvidence[]): boolean {
  const { predictions = [] } = status.diagnosis ?? {};
  if (predictions.length === 0) return nodes.some(({ health }) => health === 'Failing');
  return nodes.some(({ node, findings }) =>
    findings.some(({ kind }) => predictions.some((one) => one.node === node && one.findingGone === kind)),
  );
}

/** What another session asked may be from before the act. */
function hasActed({ status: { actedAt, history = [] } }: Snapshot): boolean {
  return actedAt !== undefined || history.length > 0;
}

function windowOf(snapshot: Snapshot, now: Date, deps: Dependencies): ProbeWindow {
  const { actedAt } = snapshot.status;
  if (hasActed(snapshot)) return windowSince(actedAt === undefined ? undefined : new Date(actedAt), snapshot, deps);
  return firstWindow(snapshot, deps, { now, shareMs: deps.coalesceMs });
}
