import { catalogIsServed, catalogOf } from '../catalog.ts';
import type { Fault } from '../fault.ts';
import type { Lab } from '../../world/lab.ts';
import { burst } from '../../world/traffic.ts';

/** Label of the pods that were to take over, and that nobody has deployed. */
const slot = { slot: 'green' };

/**
 * A switch from one set of pods to the next was practised, and only its last step was done: the Service picks pods of a slot that there
 * is not. The Deployment is as it has always been, its pods are all ready, none has restarted, and no request comes to any of them. What a
 * Service picks is for a person to put right: to undo, restart or scale the Deployment gives its pods no other labels.
 */
export const fault: Fault = {
  name: 'switched-to-green',
  description: 'A Service picks pods by a label that none has: all pods are ready, and users are answered 503',
  session: { service: 'catalog', symptom: 'Nobody gets the catalog any more, and all of its pods are up' },
  expected: {
    outcome: 'Escalated',
    causes: (names) => [{ node: `${names.catalog}/${names.nodes.workload}` }],
    fixes: [],
    iterations: 1,
  },
  prepare: () => ({ needs: ['kubernetes'] }),
  async inject(lab) {
    const { url, available, usual } = catalogOf(lab);
    await switchService(lab);
    await lab.until('users to see it', async () => (await burst(url, 4, 20)).errors === 4);
    const pods = await available();
    if (pods !== usual.replicas) throw new Error(`${pods} of ${usual.replicas} pods are available`);
  },
  healed: catalogIsServed,
};

async function switchService(lab: Lab): Promise<void> {
  const { cluster, namespace } = catalogOf(lab);
  const patch = JSON.stringify({ spec: { selector: slot } });
  const args = ['patch', 'service', lab.names.catalog, '-n', namespace, '--type', 'merge', '-p', patch];
  const { code, stderr } = await cluster.access.kubectl(args);
  if (code !== 0) throw new Error(`the Service was not changed: ${stderr}`);
}
