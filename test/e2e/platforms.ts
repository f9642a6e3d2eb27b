import { rmSync } from 'node:fs';
import { provideWorkloadProgram } from '../lab/cluster/binaries.ts';
import { memoryFolder } from '../lab/cluster/memory-folder.ts';
import { workloadProgramNames } from '../lab/cluster/programs.ts';
import { startPlatform, type Platform } from '../lab/host/platform.ts';

/** Labs at a time: vitest.config.ts runs no more tests at once. Much of a run is waiting, so two share a machine of two cores. */
export const usualLabs = 2;

/** Control planes for runs side by side: each has one to itself, as it has an operator. */
export interface Platforms {
  /** With a control plane that nobody else uses meanwhile, and a namespace that nobody used before. */
  use<T>(work: (place: { readonly platform: Platform; readonly namespace: string }) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

export async function startPlatforms(labs = usualLabs): Promise<Platforms> {
  const folders: string[] = [];
  const signal = new AbortController().signal;
  const start = () => {
    const dataDir = memoryFolder('e2e');
    folders.push(dataDir);
    return startPlatform({ dataDir, signal, progress: () => undefined });
  };
  // What has to be fetched or built is so before a fault's time runs.
  for (const name of workloadProgramNames) await provideWorkloadProgram(name, { signal, progress: () => undefined });
  const platforms = [await start()];
  while (platforms.length < labs) platforms.push(await start());
  const idle = [...platforms];
  let count = 0;
  return {
    async use(work) {
      const platform = idle.pop();
      if (platform === undefined) throw new Error(`more than ${labs} runs at once`);
      count += 1;
      try {
        return await work({ platform, namespace: `shop-${count}` });
      } finally {
        idle.push(platform);
      }
    },
    async stop() {
      await Promise.all(platforms.map((platform) => platform.stop()));
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}
