import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { getMetricData } from '../../lib/server/get-metric-data.ts';
import { close, connect, type EcsBackend } from './backend.ts';
import { ecsResourceManagement } from './ecs-resource-management.ts';
import { registerTaskDefinition } from './register-task-definition.ts';
import { updateService } from './update-service.ts';

/** Serves aws-ecs and deploy-waiter. */
export const server: EmbeddedServer<EcsBackend> = {
  id: 'aws-ecs',
  tools: [ecsResourceManagement, getMetricData<EcsBackend>(), registerTaskDefinition, updateService],
  connect,
  close,
};
