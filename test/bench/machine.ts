import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { runIfPossible } from '../lab/parts/run.ts';

/**
 * Where figures come from: the machine, what else it does, the versions and the commit.
 * @param programs with their versions, what is measured beside the operator's own
 */
export async function machine(signal: AbortSignal, programs: readonly string[] = []): Promise<readonly string[]> {
  const [cpu] = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const commit = await runIfPossible('git', ['rev-parse', '--short', 'HEAD'], { signal });
  const load = loadavg()[0]?.toFixed(1) ?? 'unknown';
  return [
    `${cpus().length} CPUs (${cpu?.model ?? 'unknown'}), ${gibibytes} GiB, ${type()} ${release()}; load before: ${load}`,
    [`Node ${process.version}`, ...programs].join(', '),
    `commit ${commit ?? 'unknown'}, ${new Date().toISOString().slice(0, 10)}`,
  ];
}
