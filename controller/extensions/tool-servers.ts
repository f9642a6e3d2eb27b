import type { ServiceTopology, ToolServer } from '../api/kinds.ts';
import type { ForeignServer } from '../mcp/foreign-server.ts';

/** Where ToolServers are found: the operator's cache. */
export interface ToolServers {
  get(key: { readonly namespace: string; readonly name: string }): ToolServer | undefined;
}

/** The server that a resource describes; `insteadOf` names the embedded one that it stands in for. */
export function foreignServerOf({ metadata, spec }: ToolServer, insteadOf?: string): ForeignServer {
  const { read = [], write = [] } = spec.tools;
  return {
    id: `${metadata.namespace}/${metadata.name}`,
    version: `${metadata.uid}/${metadata.generation}`,
    // The CRD holds that it is one of the two.
    endpoint: spec.url === undefined ? { stdio: spec.stdio?.name ?? '' } : { url: spec.url },
    tools: { read, write },
    pins: Object.fromEntries((spec.pins ?? []).map(({ name, sha256 }) => [name, sha256])),
    timeoutMs: spec.timeoutSeconds * 1000,
    maxBytes: spec.maxAnswerKiB * 1024,
    ...(insteadOf === undefined ? {} : { insteadOf }),
  };
}

/** The name of the ToolServer that a map has in the place of an embedded server; undefined where the embedded one serves it. */
export function standIn(topology: Pick<ServiceTopology, 'spec'> | undefined, server: string): string | undefined {
  return topology?.spec.toolServers?.find((entry) => entry.server === server)?.toolServerRef.name;
}
