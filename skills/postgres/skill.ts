import type { Skill } from '../skill.ts';
import { terminateBackend } from './actions/terminate-backend.ts';
import { postgresIdentity } from './address.ts';
import { noBlockingQueries } from './checks.ts';
import { parameters } from './parameters.ts';
import { probe } from './probe.ts';
import { remedies } from './remedies.ts';
import { executeSqlTool } from './report.ts';

export const skill: Skill = {
  id: 'postgres',
  title: 'PostgreSQL database',
  parameters,
  server: 'postgres',
  tools: {
    read: [executeSqlTool, 'analyze_db_health', 'get_top_queries', 'explain_query'],
    write: ['threehops_terminate_backend'],
  },
  identity: postgresIdentity,
  probe,
  checks: [noBlockingQueries],
  actions: [terminateBackend],
  remedies,
};
