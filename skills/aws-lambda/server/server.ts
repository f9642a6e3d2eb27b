import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { executeLogInsightsQuery } from '../../lib/server/execute-log-insights-query.ts';
import { getMetricData } from '../../lib/server/get-metric-data.ts';
import { close, connect, type LambdaBackend } from './backend.ts';
import { getLambdaAccount } from './get-lambda-account.ts';
import { getLambdaFunction } from './get-lambda-function.ts';
import { putLambdaConcurrency } from './put-lambda-concurrency.ts';
import { updateLambdaFunction } from './update-lambda-function.ts';

export const server: EmbeddedServer<LambdaBackend> = {
  id: 'aws-lambda',
  tools: [
    getLambdaFunction,
    getLambdaAccount,
    getMetricData<LambdaBackend>(),
    executeLogInsightsQuery<LambdaBackend>(),
    updateLambdaFunction,
    putLambdaConcurrency,
  ],
  connect,
  close,
};
