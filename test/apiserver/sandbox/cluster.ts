import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KubeClient } from '../../../controller/kube/client.ts';
import { startControllers } from '../../lab/cluster/controllers.ts';
import { startControlPlane, type ControlPlane } from '../../lab/cluster/control-plane.ts';
import { memoryFolder } from '../../lab/cluster/memory-folder.ts';
import { debianProgram } from '../../lab/parts/debian.ts';
import { StandInKubelet } from '../../helpers/kubelet/kubelet.ts';
import { configFrom } from '../kube/world.ts';

const root = join(import.meta.dirname, '../../..');

/** A control plane with Jobs, quotas, garbage collection and scheduling, one node that runs things, and what manifests/sandbox installs. */
export interface SandboxCluster {
  readonly controlPlane: ControlPlane;
  readonly admin: KubeClient;
  /** The operator's ServiceAccount, with the roles that are shipped. */
  readonly operator: KubeClient;
  readonly kubelet: StandInKubelet;
  /** As kubectl applies it: a kustomization of the project, or YAML. */
  stop(): Promise<void>;
}

const controllers = [
  'job-controller',
  'ttl-after-finished-controller',
  'garbage-collector-controller',
  'resourcequota-controller',
  'namespace-controller',
];
const capacity = { cpu: '4', memory: '1400Mi', pods: '20', 'ephemeral-storage': '8Gi' };

export async function startSandboxCluster(): Promise<SandboxCluster> {
  const ends: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    const part = { dataDir: memoryFolder('sandbox'), signal: new AbortController().signal, progress: () => undefined };
    mkdirSync(part.dataDir, { recursive: true });
    ends.push(async () => rmSync(part.dataDir, { recursive: true, force: true }));
    const controlPlane = await startControlPlane(part);
    ends.push(() => controlPlane.stop());
    await controlPlane.apply(join(root, 'manifests/base/access'));
    await controlPlane.apply(join(root, 'manifests/sandbox'));
    await controlPlane.apply(join(root, 'manifests/sandbox/runtime-class'));
    const running = await startControllers({ ...part, cluster: controlPlane, controllers });
    ends.push(() => running.stop());
    const admin = new KubeClient(configFrom(controlPlane.kubeconfigPath));
    ends.push(() => admin.close());
    const bwrap = await debianProgram('bwrap', part);
    const kubelet = await StandInKubelet.start(controlPlane, admin, { bwrap, openNetwork: false }, capacity);
    ends.push(() => kubelet.stop());
    const account = await controlPlane.serviceAccountKubeconfig('threehops-system', 'threehops');
    const operator = new KubeClient(configFrom(account));
    ends.push(() => operator.close());
    return { controlPlane, admin, operator, kubelet, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
