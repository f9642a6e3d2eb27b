import type { EvidenceBundle, NodeEvidence } from '../../evidence/bundle.ts';
import type { ResolvedGraph } from '../../topology/resolved.ts';
import { tellStep } from '../step.ts';
import type { Dependencies } from '../dependencies.ts';
import { bundleOf, sweepSummary, sweepTopology, symptomOf } from '../sweep/sweep-topology.ts';
import type { Window } from '../sweep/probe-node.ts';
import { advance, stall, wait, type Status, type Transition } from '../transition.ts';
import { graphOf, iterationOf, stepOf, type Snapshot } from '../snapshot.ts';

interface Swept {
  readonly sweep: NonNullable<Status['sweep']>;
}

/** Probes every node at once and freezes the evidence. Running it again after a crash only reads again. */
export function sweeping(snapshot: Snapshot, deps: Dependencies): Promise<Transition> {
  const progress = deps.runner.ask(snapshot.uid, stepOf(snapshot, 'sweep'), (signal) => sweep(snapshot, deps, signal));
  switch (progress.state) {
    case 'Running':
      return Promise.resolve(wait('Sweeping', 'Waiting for the probes'));
    case 'Failed':
      deps.runner.forgetAfter(snapshot.uid, stepOf(snapshot, 'sweep'), 5000, deps.clock);
      return Promise.resolve(stall('SweepFailed', String(progress.error), 5000));
    case 'Done': {
      const { sweep: seen } = progress.value;
      const ill = (seen.nodes ?? []).filter((node) => node.health !== 'Healthy').length;
      const message = `Looked at ${seen.nodes?.length ?? 0} nodes, ${ill} of them not healthy`;
      return Promise.resolve(advance('Diagnosing', { sweep: seen }, { type: 'Normal', reason: 'Swept', message }));
    }
  }
}

async function sweep(snapshot: Snapshot, deps: Dependencies, signal: AbortSignal): Promise<Swept> {
  const resolved = graphOf(snapshot, deps);
  const { window, nodes } = await look(snapshot, deps, resolved, signal);
  const symptom = symptomOf(snapshot.session, snapshot.topology, resolved);
  const bundle: EvidenceBundle = bundleOf(snapshot.session, resolved, { symptom, window, nodes });
  const digest = await deps.evidence.save(snapshot.session, iterationOf(snapshot), 'Bundle', bundle, signal);
  return { sweep: sweepSummary(bundle, digest, deps.clock.now()) };
}

interface Looked {
  readonly window: Window;
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
    const window = windowOf(snapshot, deps);
    const sight = { window, shareable: true, secondLook: true };
    const nodes = await sweepTopology(snapshot.session, resolved, sight, deps, signal);
    const shows = nodes.some((node) => node.health === 'Failing');
    if (shows || !mustShow(snapshot) || deps.clock.monotonicMs() >= until) return { window, nodes };
    tellStep(snapshot, deps, 'sweep', 'Waiting', 'the fault does not show again yet');
    await deps.clock.sleep(deps.timings.pollMs * 4, signal);
  }
}

/** The fault was seen in this session, and nothing that helps is in place. */
function mustShow({ status: { history = [] } }: Snapshot): boolean {
  return history.length > 0 && !history.some((entry) => entry.standing === 'Kept');
}

/** After an act only what came after it counts; before the first one, the look-back or the symptom's begin. */
function windowOf(snapshot: Snapshot, deps: Dependencies): Window {
  const to = deps.clock.now();
  const acted = snapshot.status.actedAt;
  if (acted !== undefined) return { from: new Date(acted), to };
  const lookback = new Date(to.getTime() - deps.timings.lookbackSeconds * 1000);
  const since = snapshot.session.spec.symptom?.since;
  return { from: since !== undefined && new Date(since) < lookback ? new Date(since) : lookback, to };
}
