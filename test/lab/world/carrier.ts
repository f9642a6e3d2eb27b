import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { TopologyNode } from '../../../controller/api/kinds.ts';
import { createAuthority, type Lifetime } from '../cluster/authority.ts';
import { startPage, type Page } from './page.ts';

/** The firm that carries notifications: elsewhere, reached over TLS, and nobody's here to mend. */
export interface Carrier extends Page {
  /** The authority that vouches for it, which whoever calls it must trust. */
  readonly caFile: string;
  /** Has it show a certificate of this lifetime from now on. */
  certify(lifetime: Lifetime): Promise<void>;
}

/** Beginning of what it answers while it is well. */
const accepts = '{"accepted":true';
const host = '127.0.0.1';
/** Generous for a page of this machine, which may be busy. */
const usual = { baselineLatencyMs: 400, maxLatencyRatio: 3 };

export async function startCarrier(folder: string, signal: AbortSignal): Promise<Carrier> {
  const authority = await createAuthority(folder);
  // The services run as other users.
  chmodSync(folder, 0o755);
  const identity = async (lifetime?: Lifetime) => {
    const { certPem, keyPem } = await authority.issueServer([host], lifetime);
    return { cert: certPem, key: keyPem };
  };
  const page = await startPage(signal, { body: `${accepts}}` }, await identity());
  return {
    ...page,
    caFile: join(folder, 'ca.crt'),
    certify: async (lifetime) => page.show(await identity(lifetime)),
  };
}

/** How the team that hands it notifications watches it. */
export function carrierNode({ url }: Carrier, name: string): TopologyNode {
  return {
    name,
    type: 'http',
    skill: 'http-health',
    with: { url: `${url}/messages`, bodyContains: accepts, ...usual },
  };
}
