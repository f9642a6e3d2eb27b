import { numberOf } from '../../lib/reading.ts';
import type { Remedy } from '../../skill.ts';
import { limitsOf } from '../parameters.ts';
import { findingsOf, kinds } from './reading.ts';

/** Fewer pods are wanted than there have to be: as many as there were before, as far as its events tell, else the least. */
export const restoreReplicas: Remedy = {
  id: 'kubernetes.restore-replicas',
  forKinds: kinds('ScaledBelowMinimum'),
  cause: 'kubernetes.ScaledDown',
  propose(context) {
    const [finding] = findingsOf(context, 'ScaledBelowMinimum');
    const desired = numberOf(finding?.facts?.['desired']);
    if (desired === undefined) return [];
    const { minReplicas, maxReplicas } = limitsOf(context.node.with);
    const wanted = Math.min(maxReplicas, Math.max(minReplicas, numberOf(finding?.facts?.['before']) ?? 0));
    const rationale = `${desired} pods are wanted, and at least ${minReplicas} have to be: want ${wanted}`;
    return [{ action: 'kubernetes.scale', parameters: { by: wanted - desired }, rationale, fitness: 0.9 }];
  },
};

/** Pods run and do not become ready, and no change says why: new ones may. Little to lose, little to hope. */
export const renewPods: Remedy = {
  id: 'kubernetes.renew-pods',
  forKinds: kinds('NotReady'),
  cause: 'kubernetes.PodsStuck',
  propose() {
    const rationale = 'pods run and do not become ready: start all of them anew';
    return [{ action: 'kubernetes.restart', parameters: {}, rationale, fitness: 0.25 }];
  },
};
