import { metricPoints } from '../lib/metric-call.ts';
import { numberOf, objectOf } from '../lib/reading.ts';
import type { Point } from '../lib/statistics.ts';
import type { ProbeContext } from '../skill.ts';
import type { LambdaFunction } from './function.ts';
import { settingsOf } from './parameters.ts';

export const accountTool = 'threehops_get_lambda_account';

/** What all functions of the account and region that have no reservation share. */
export interface SharedPool {
  /** Executions that may run at once in the account, and those of them that no function has reserved. */
  readonly concurrency: number;
  readonly unreserved: number;
  /** Executions of such functions at once. */
  readonly used: readonly Point[];
}

/** Undefined for a function that has its own share. @throws ToolError */
export async function readSharedPool(
  context: ProbeContext,
  { reserved }: LambdaFunction,
): Promise<SharedPool | undefined> {
  if (reserved !== undefined) return undefined;
  const { node, tools, window, signal } = context;
  const { periodSeconds } = settingsOf(node.with);
  const metric = {
    namespace: 'AWS/Lambda',
    name: 'UnreservedConcurrentExecutions',
    statistic: 'MAX',
    dimensions: {},
    ...(periodSeconds === undefined ? {} : { periodSeconds }),
  } as const;
  const [account, used] = await Promise.all([
    tools.call(accountTool, {}, signal).then(objectOf),
    metricPoints(tools, metric, window, signal),
  ]);
  const concurrency = numberOf(account['concurrency']);
  const unreserved = numberOf(account['unreservedConcurrency']);
  return concurrency === undefined || unreserved === undefined ? undefined : { concurrency, unreserved, used };
}
