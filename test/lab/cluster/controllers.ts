import { join } from 'node:path';
import type { PartOptions } from '../parts/part.ts';
import type { Running } from '../parts/process.ts';
import type { ClusterAccess } from './access.ts';
import { provideWorkloadProgram } from './binaries.ts';
import { startBound } from './bound-process.ts';
import { toArguments } from './etcd.ts';

export interface ControllerOptions extends PartOptions {
  readonly cluster: ClusterAccess;
  /** Of kube-controller-manager: `job-controller`, ... */
  readonly controllers: readonly string[];
}

const stopGraceMs = 1000;

/** kube-controller-manager, with some of its controllers, and kube-scheduler, for who brings nodes of his own. */
export async function startControllers(options: ControllerOptions): Promise<{ stop(): Promise<void> }> {
  const { cluster, controllers, dataDir } = options;
  const alone = { kubeconfig: cluster.kubeconfigPath, 'leader-elect': 'false', 'secure-port': '0' };
  const flags = {
    'kube-controller-manager': { ...alone, controllers: controllers.join(',') },
    'kube-scheduler': alone,
  };
  const running: Running[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.splice(0).map((one) => one.stop(stopGraceMs)));
  };
  try {
    for (const name of ['kube-controller-manager', 'kube-scheduler'] as const) {
      const program = await provideWorkloadProgram(name, options);
      const logFile = join(dataDir, `${name}.log`);
      running.push(await startBound(program, toArguments(flags[name]), { cwd: dataDir, logFile }));
    }
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
