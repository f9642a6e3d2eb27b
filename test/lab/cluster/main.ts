/** `node test/lab/cluster/main.ts`: a control plane to look at or to develop against, until Ctrl-C. Prints its KUBECONFIG line. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startControlPlane } from './control-plane.ts';
import { memoryFolder } from './memory-folder.ts';
import { elapsed } from './progress.ts';

const begin = performance.now();
const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort());
const dataDir = memoryFolder('control-plane');
try {
  const controlPlane = await startControlPlane({ dataDir, signal: interrupt.signal, progress: console.error });
  console.error(`ready after ${elapsed(begin)}; Ctrl-C ends it`);
  console.log(`export KUBECONFIG=${controlPlane.kubeconfigPath} PATH=${join(controlPlane.kubectlPath, '..')}:$PATH`);
  await new Promise((resolve) => interrupt.signal.addEventListener('abort', resolve, { once: true }));
  await controlPlane.stop();
} catch (error) {
  if (!interrupt.signal.aborted) throw error;
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
