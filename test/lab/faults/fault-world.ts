import { chmodSync, rmSync } from 'node:fs';
import { memoryFolder } from '../cluster/memory-folder.ts';
import { labOf, type Lab } from '../world/lab.ts';
import { plainNames, type WorldNames } from '../world/names.ts';
import { startWorld } from '../world/world.ts';
import type { Fault } from './fault.ts';

export interface FaultWorld {
  readonly lab: Lab;
  close(): Promise<void>;
}

/** The world of a fault alone, not broken yet and without an operator: to see that the fault itself is sound. */
export async function openFaultWorld(fault: Fault, names: WorldNames = plainNames): Promise<FaultWorld> {
  const end = new AbortController();
  const dataDir = memoryFolder('world');
  chmodSync(dataDir, 0o755);
  const silent = (): void => undefined;
  const world = await startWorld({ ...fault.prepare?.(names), dataDir, signal: end.signal, progress: silent, names });
  return {
    lab: labOf(world, end.signal, silent),
    async close() {
      await world.stop();
      end.abort();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
