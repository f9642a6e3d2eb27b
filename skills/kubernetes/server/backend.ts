import type { Agent } from 'node:https';
import type { Json } from '../../../controller/api/json.ts';
import { guardedAgents } from '../../../controller/mcp/guards.ts';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { type ApiRequest, callApi } from './api-client.ts';
import { type ClusterSettings, type KubernetesSettings, kubernetesSettings } from './settings.ts';

export interface KubernetesBackend {
  readonly settings: KubernetesSettings;
  call(context: string | undefined, asked: ApiRequest): Promise<Json>;
  close(): void;
}

/** Connections are kept for each cluster, as their authorities differ; all of them go through the dialer. */
export function connect(connection: ServerConnection): KubernetesBackend {
  const settings = kubernetesSettings(connection);
  const agents = new Map<string, Agent>();
  const agentOf = ({ name, ca }: ClusterSettings): Agent => {
    const options = { keepAlive: true, ...(ca === undefined ? {} : { ca }) };
    const agent = agents.get(name) ?? guardedAgents(connection.dialer, options).httpsAgent;
    agents.set(name, agent);
    return agent;
  };
  return {
    settings,
    async call(context, asked) {
      const cluster = settings.clusterOf(context);
      return callApi(cluster, { agent: agentOf(cluster), token: settings.token }, asked);
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

export function close(backend: KubernetesBackend): Promise<void> {
  backend.close();
  return Promise.resolve();
}
