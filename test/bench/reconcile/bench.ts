import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { KubeClient } from '../../../controller/kube/client.ts';
import { loadKubeConfig } from '../../../controller/kube/kube-config.ts';
import { startControlPlane } from '../../lab/cluster/control-plane.ts';
import { memoryFolder } from '../../lab/cluster/memory-folder.ts';
import { etcdVersion, kubernetesVersion } from '../../lab/cluster/versions.ts';
import { runIfPossible } from '../../lab/parts/run.ts';
import { machine } from '../machine.ts';
import { readOptions, usage, type Options } from './options.ts';
import { provideReference } from './reference.ts';
import { prepare, runRounds, sizesOf, writesEach, type Arena } from './rounds.ts';
import { asJson, asText, type Result } from './show.ts';
import { installCrds, World } from './world.ts';

export { usage };

const progress = (line: string): void => console.error(line);

/**
 * How fast the operator writes sessions' statuses, beside a Go operator that writes the same and a client that does nothing but write:
 * on one API server, in turns. Answers what is to be printed.
 */
export async function reconcileBench(argv: readonly string[], signal: AbortSignal): Promise<string> {
  const options = readOptions(argv);
  const result = await measure(options, signal);
  return options.json ? asJson(result) : asText(result);
}

async function measure(options: Options, signal: AbortSignal): Promise<Result> {
  const go = await runIfPossible('go', ['env', 'GOVERSION'], { signal });
  const about = await machine(signal, [go ?? 'no Go', `kube-apiserver ${kubernetesVersion}`, `etcd ${etcdVersion}`]);
  const reference = await provideReference({ signal, progress });
  const dataDir = memoryFolder('bench');
  const controlPlane = await startControlPlane({ dataDir, signal, progress });
  const { kubeconfigPath } = controlPlane;
  const world = new World(new KubeClient(await loadKubeConfig(kubeconfigPath)));
  const place = { kubeconfigPath, reference, statusesFile: join(dataDir, 'statuses.json') };
  const arena: Arena = { controlPlane, world, place, signal, progress };
  try {
    await installCrds(controlPlane);
    const sizes = sizesOf(await prepare(arena, options.sessions));
    const laps = await runRounds(arena, options);
    return { about: [...about, subject(options, sizes)], laps };
  } finally {
    await world.client.close();
    await controlPlane.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function subject({ sessions, rounds }: Options, sizes: readonly number[]): string {
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  return `${sessions} sessions of ${writesEach} status writes (${smallest} to ${largest} bytes), rounds: ${rounds}`;
}
