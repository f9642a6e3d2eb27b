/**
 * One control plane for a whole suite. A test asks for it with `inject('kubeconfigPath')`, `inject('kubectlPath')`, or joins it by
 * `attachControlPlane(inject('controlPlaneDir'))`, which also makes users. It is shared: a namespace each, and names of your own for
 * what has none.
 */
import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { startControlPlane } from '../lab/cluster/control-plane.ts';
import { memoryFolder } from '../lab/cluster/memory-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The admin's. */
    kubeconfigPath: string;
    kubectlPath: string;
    /** The data folder, for `attachControlPlane`. */
    controlPlaneDir: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = memoryFolder('suite');
  const interrupt = new AbortController();
  const progress = (line: string) => project.vitest.logger.log(line);
  const controlPlane = await startControlPlane({ dataDir, signal: interrupt.signal, progress, auditLog: true });
  project.provide('kubeconfigPath', controlPlane.kubeconfigPath);
  project.provide('kubectlPath', controlPlane.kubectlPath);
  project.provide('controlPlaneDir', dataDir);
  return async () => {
    await controlPlane.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
