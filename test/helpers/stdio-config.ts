import { join } from 'node:path';
import type { JsonObject } from '../../controller/api/json.ts';
import { debianProgram } from '../lab/parts/debian.ts';

/** Of the operator's configuration: servers by stdio, and the sandbox of this machine that they run in. */
export async function stdioConfig(
  toolServers: Readonly<Record<string, JsonObject>>,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { path, env } = await debianProgram('bwrap', { signal, progress: () => undefined });
  return { sandbox: { bubblewrap: path, libraryPath: env['LD_LIBRARY_PATH'] ?? '' }, toolServers };
}

/** The stand-in as an entry: it is told a colour, and may be told a token by a Secret. */
export function standInEntry(conduct = 'Good'): JsonObject {
  return {
    command: ['/opt/threehops-node/node', join(import.meta.dirname, 'stand-in-stdio.ts'), conduct],
    env: { COLOUR: 'green' },
    secretEnv: ['TOKEN'],
    readOnly: [import.meta.dirname],
  };
}
