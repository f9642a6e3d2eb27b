import type { EvidenceBundle } from '../../evidence/bundle.ts';
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
      deps.runner.forget(snapshot.uid, stepOf(snapshot, 'sweep'));
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
  const window = windowOf(snapshot, deps);
  const nodes = await sweepTopology(snapshot.session, resolved, { window, shareable: true }, deps, signal);
  const symptom = symptomOf(snapshot.session, snapshot.topology, resolved);
  const bundle: EvidenceBundle = bundleOf(snapshot.session, resolved, { symptom, window, nodes });
  const digest = await deps.evidence.save(snapshot.session, iterationOf(snapshot), 'Bundle', bundle, signal);
  return { sweep: sweepSummary(bundle, digest, deps.clock.now()) };
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
