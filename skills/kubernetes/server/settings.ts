import { readFileSync } from 'node:fs';
import type { JsonObject } from '../../../controller/api/json.ts';
import { nameMatches } from '../../../controller/config/glob.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { objectOf, textOf, textsOf } from '../../lib/reading.ts';

/**
 * The server's block in the operator's configuration: `{clusters: {NAME: {server, ca? | caFile?}}, allowedNamespaces?: ['NAME/namespace']}`,
 * `*` for any characters. No entry allows no write at all. The Secret holds `token`.
 */
export interface KubernetesSettings {
  /** @throws ToolFault `ClusterUnknown` */
  clusterOf(context: string | undefined): ClusterSettings;
  /** @throws ToolFault `NamespaceNotAllowed` */
  assertWritable(context: string | undefined, namespace: string): void;
  readonly token: string;
}

export interface ClusterSettings {
  readonly name: string;
  readonly server: URL;
  /** PEM; the system's own authorities without it. */
  readonly ca?: string;
}

/** @throws ToolFault `CredentialsMissing` or `ClusterInvalid` */
export function kubernetesSettings({ settings, credentials }: ServerConnection): KubernetesSettings {
  const token = textOf(credentials['token']);
  if (token === undefined)
    throw new ToolFault('CredentialsMissing', 'no Secret of the map gives a token for Kubernetes');
  const clusters = Object.entries(objectOf(settings['clusters'])).map(([name, one]) =>
    readCluster(name, objectOf(one)),
  );
  const allowed = textsOf(settings['allowedNamespaces']);
  const clusterOf = (context: string | undefined): ClusterSettings => choose(clusters, context);
  return {
    token,
    clusterOf,
    assertWritable(context, namespace) {
      const asked = `${clusterOf(context).name}/${namespace}`;
      if (allowed.some((entry) => nameMatches(entry, asked))) return;
      throw new ToolFault('NamespaceNotAllowed', `${asked} is not among the namespaces that may be changed`);
    },
  };
}

/** Without a name the only one there is. */
function choose(clusters: readonly ClusterSettings[], context: string | undefined): ClusterSettings {
  const [only] = clusters;
  const found = context === undefined && clusters.length === 1 ? only : clusters.find(({ name }) => name === context);
  if (found !== undefined) return found;
  throw new ToolFault('ClusterUnknown', `the operator configures no cluster ${context ?? 'that could be meant'}`);
}

function readCluster(name: string, given: JsonObject): ClusterSettings {
  const server = textOf(given['server']);
  if (server === undefined || !URL.canParse(server) || new URL(server).protocol !== 'https:') {
    throw new ToolFault('ClusterInvalid', `cluster ${name} has no \`server\` that is an https URL`);
  }
  const file = textOf(given['caFile']);
  const ca = textOf(given['ca']) ?? (file === undefined ? undefined : readFileSync(file, 'utf8'));
  return { name, server: new URL(server), ...(ca === undefined ? {} : { ca }) };
}
