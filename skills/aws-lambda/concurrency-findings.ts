import { accountTool } from './account.ts';
import { type LambdaLook, metric, severityOf, type Told } from './finding.ts';
import { firstAbove, highest, sum } from './metrics.ts';

/** Throttled calls are not invocations: the share is of both together. */
export function throttled({ settings, fn, metrics }: LambdaLook): Told | undefined {
  const throttles = sum(metrics.throttles);
  const calls = throttles + sum(metrics.invocations);
  const perMillion = calls === 0 ? 0 : Math.round((throttles / calls) * 1_000_000);
  if (perMillion <= settings.maxErrorsPerMillion) return undefined;
  const limit = fn.reserved === undefined ? "the account's concurrency" : `a reserved concurrency of ${fn.reserved}`;
  return {
    reason: 'Throttled',
    severity: severityOf(throttles / calls),
    summary: `${throttles} of ${calls} calls were throttled, at ${limit}`,
    value: perMillion,
    threshold: settings.maxErrorsPerMillion,
    unit: 'throttles per million calls',
    since: firstAbove(metrics.throttles, 0),
    source: metric('Throttles SUM', 'Invocations SUM'),
    facts: { throttles, calls, concurrency: highest(metrics.concurrency) },
  };
}

export function concurrencyAtLimit({ fn, metrics }: LambdaLook): Told | undefined {
  const most = highest(metrics.concurrency);
  if (fn.reserved === undefined || most === 0 || most < fn.reserved) return undefined;
  return {
    reason: 'ConcurrencyAtLimit',
    severity: 'Warning',
    summary: `${most} executions ran at once, all that the reserved concurrency of ${fn.reserved} allows`,
    value: most,
    threshold: fn.reserved,
    unit: 'executions',
    since: firstAbove(metrics.concurrency, fn.reserved - 1),
    source: metric('ConcurrentExecutions MAX'),
    facts: { concurrency: most },
  };
}

/** The account's figure counts only where this function was refused: elsewhere it is another one's trouble. */
export function accountAtLimit({ pool, metrics }: LambdaLook): Told | undefined {
  const most = highest(pool?.used ?? []);
  if (pool === undefined || most === 0 || most < pool.unreserved || sum(metrics.throttles) === 0) return undefined;
  return {
    reason: 'AccountConcurrencyAtLimit',
    severity: 'Warning',
    summary: `${most} executions ran at once in functions without a reservation, all that the account allows: ${pool.unreserved} of its ${pool.concurrency} are not reserved`,
    value: most,
    threshold: pool.unreserved,
    unit: 'executions',
    since: firstAbove(pool.used, pool.unreserved - 1),
    source: `${accountTool}, ${metric('UnreservedConcurrentExecutions MAX')}`,
    facts: { account: pool.concurrency, unreserved: pool.unreserved, ownConcurrency: highest(metrics.concurrency) },
  };
}
