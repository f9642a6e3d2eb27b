import { createClient } from 'redis';
import { CacheFault } from './query-protocol.ts';

/** The family of parameter groups that the lab's Redis is of. */
export const family = 'redis7';

const reservedMemory = 'reserved-memory-percent';

/** Parameters of the family that the lab knows, with ElastiCache's defaults. */
export const engineDefaults: ReadonlyMap<string, string> = new Map([
  ['activerehashing', 'yes'],
  ['maxmemory-policy', 'volatile-lru'],
  ['maxmemory-samples', '3'],
  ['min-replicas-max-lag', '10'],
  ['min-replicas-to-write', '0'],
  [reservedMemory, '25'],
  ['slowlog-log-slower-than', '10000'],
  ['timeout', '0'],
]);

/** What the lab's nodes have for data at AWS, in bytes; here they have a 64th of it, so that a little fills them. */
const nodeBytes: ReadonlyMap<string, number> = new Map([['cache.t4g.micro', 536_870_912]]);
const scale = 64;

/** Has the real server run as ElastiCache would run it: on a node of this type, under these parameters. */
export async function configure(url: string, nodeType: string, parameters: ReadonlyMap<string, string>): Promise<void> {
  const client = createClient({ url });
  await client.connect();
  try {
    for (const [name, value] of parameters) {
      const [setting, to] = name === reservedMemory ? ['maxmemory', maxMemory(nodeType, value)] : [name, value];
      await client.configSet(setting, to);
    }
  } finally {
    client.destroy();
  }
}

/** What is left for data of a node's memory. */
function maxMemory(nodeType: string, reservedPercent: string): string {
  const bytes = nodeBytes.get(nodeType);
  if (bytes === undefined) throw new CacheFault('InvalidParameterValue', `the lab has no ${nodeType}`);
  return String(Math.floor((bytes / scale) * (1 - Number(reservedPercent) / 100)));
}
