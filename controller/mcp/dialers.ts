import type { Clock } from '../kube/clock.ts';
import type { ApiServer } from './api-server.ts';
import type { ToolCredentials } from './credentials.ts';
import { createDialer, type OutboundDialer, type Resolve } from './outbound.ts';
import type { ToolAccess } from './server.ts';

export interface DialersOptions {
  /** `allow` of the operator's configuration. */
  readonly allow: { readonly hosts: readonly string[]; readonly cidrs: readonly string[] };
  /** The Kubernetes API server, which nothing is to reach through a dialer; absent where there is none about. */
  readonly apiServer?: ApiServer;
  readonly clock: Clock;
  readonly resolve?: Resolve;
}

/** The operator's dialers: one for each set of hosts that credentials may be shown to, so that connections are reused. */
export interface Dialers {
  /** With an empty allow-list a reader reaches ordinary addresses and a writer nothing. */
  dialerFor(credentials: ToolCredentials, access: ToolAccess): OutboundDialer;
  close(): Promise<void>;
}

export function createDialers({ allow, apiServer, ...rest }: DialersOptions): Dialers {
  const dialers = new Map<string, OutboundDialer>();
  return {
    dialerFor({ allowedHosts }, access) {
      const key = JSON.stringify([access, allowedHosts ?? null]);
      const known = dialers.get(key);
      if (known !== undefined) return known;
      const whenEmpty = access === 'Read' ? 'Ordinary' : 'Nothing';
      const narrowed = allowedHosts === undefined ? {} : { credentialHosts: allowedHosts };
      const names = apiServer?.names ?? [];
      const policy = { hosts: allow.hosts, cidrs: allow.cidrs, apiServer: names, whenEmpty, ...narrowed } as const;
      const moving = apiServer === undefined ? {} : { apiServer: () => apiServer.addresses() };
      const dialer = createDialer({ ...rest, ...moving, policy });
      dialers.set(key, dialer);
      return dialer;
    },
    async close() {
      await Promise.all([...dialers.values()].map((dialer) => dialer.close()));
      dialers.clear();
    },
  };
}
