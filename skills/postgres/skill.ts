import type { Skill } from '../skill.ts';
import { cancelBackend } from './actions/cancel-backend.ts';
import { createIndex } from './actions/create-index.ts';
import { createIndexTool, dropIndexTool } from './actions/index-plan.ts';
import { terminateBackend } from './actions/terminate-backend.ts';
import { connectionOf, postgresIdentity } from './address.ts';
import { noBlockingQueries } from './checks.ts';
import { parameters } from './parameters.ts';
import { explainQueryTool } from './plan.ts';
import { probe } from './probe.ts';
import { remedies } from './remedies.ts';
import { executeSqlTool } from './report.ts';

export const skill: Skill = {
  id: 'postgres',
  title: 'PostgreSQL database',
  parameters,
  server: 'postgres',
  tools: {
    read: [executeSqlTool, 'analyze_db_health', 'get_top_queries', explainQueryTool],
    write: ['threehops_cancel_backend', 'threehops_terminate_backend', createIndexTool, dropIndexTool],
  },
  identity: postgresIdentity,
  place: (node) => ({ connection: undefined, ...connectionOf(node) }),
  probe,
  checks: [noBlockingQueries],
  actions: [cancelBackend, terminateBackend, createIndex],
  remedies,
};
