import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { close, connect, type KubernetesBackend } from './backend.ts';
import { changeDeployment } from './change-deployment.ts';
import { podsLog } from './pods-log.ts';
import { resourcesGet } from './resources-get.ts';
import { resourcesList } from './resources-list.ts';

export const server: EmbeddedServer<KubernetesBackend> = {
  id: 'kubernetes',
  tools: [resourcesGet, resourcesList, podsLog, changeDeployment],
  connect,
  close,
};
