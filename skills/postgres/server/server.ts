import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { close, connect, type PostgresBackend } from './backend.ts';
import { analyzeDbHealth } from './tools/analyze-db-health.ts';
import { cancelBackend } from './tools/cancel-backend.ts';
import { createIndex } from './tools/create-index.ts';
import { dropIndex } from './tools/drop-index.ts';
import { executeSql } from './tools/execute-sql.ts';
import { explainQuery } from './tools/explain-query.ts';
import { getTopQueries } from './tools/get-top-queries.ts';
import { terminateBackend } from './tools/terminate-backend.ts';

/** PostgreSQL by MCP: reads in the contract of postgres-mcp in its restricted mode, and writes that end one statement or backend, and make one index or take it away. */
export const server: EmbeddedServer<PostgresBackend> = {
  id: 'postgres',
  tools: [
    executeSql,
    explainQuery,
    getTopQueries,
    analyzeDbHealth,
    cancelBackend,
    terminateBackend,
    createIndex,
    dropIndex,
  ],
  connect,
  close,
};
