import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { runIfPossible } from '../lab/parts/run.ts';
import { etcdVersion, kubernetesVersion } from '../lab/cluster/versions.ts';

/** Where figures come from: the machine, what else it does, the versions and the commit. */
export async function machine(signal: AbortSignal): Promise<readonly string[]> {
  const [cpu] = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const go = await runIfPossible('go', ['env', 'GOVERSION'], { signal });
  const commit = await runIfPossible('git', ['rev-parse', '--short', 'HEAD'], { signal });
  const load = loadavg()[0]?.toFixed(1) ?? 'unknown';
  return [
    `${cpus().length} CPUs (${cpu?.model ?? 'unknown'}), ${gibibytes} GiB, ${type()} ${release()}; load before: ${load}`,
    `Node ${process.version}, ${go ?? 'no Go'}, kube-apiserver ${kubernetesVersion}, etcd ${etcdVersion}`,
    `commit ${commit ?? 'unknown'}, ${new Date().toISOString().slice(0, 10)}`,
  ];
}
