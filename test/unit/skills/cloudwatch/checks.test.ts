import { describe, expect, it } from 'vitest';
import { errorRate } from '../../../../skills/cloudwatch/checks.ts';
import type { CheckResult } from '../../../../skills/skill.ts';
import { at, begin, contextOf, countingMetrics, failure, type Line, requests, ScriptedLogs } from './scripted-logs.ts';

function check(...lines: readonly (readonly Line[])[]): Promise<CheckResult> {
  const logs = new ScriptedLogs();
  logs.lines = lines.flat();
  return errorRate.run({ ...contextOf(logs), thresholds: { maxErrorsPerMillion: 20_000 } });
}

describe('error-rate', () => {
  it('passes and fails by the requests since the act alone', async () => {
    const before = requests(begin - 100, begin, 500);
    expect(await check(before, requests(begin, begin + 100, 200))).toMatchObject({
      verdict: 'Pass',
      value: 0,
      threshold: 20_000,
    });
    const some = await check(before, requests(begin, begin + 97, 200), requests(begin + 97, begin + 100, 500));
    expect(some).toMatchObject({ verdict: 'Fail', value: 30_000, unit: 'errors per million requests' });
  });

  it('is inconclusive without traffic, with hardly any, and when the log cannot be read', async () => {
    expect(await check()).toMatchObject({ verdict: 'Inconclusive' });
    expect(await check(requests(begin, begin + 9, 200))).toMatchObject({ verdict: 'Inconclusive' });
    const logs = new ScriptedLogs();
    logs.broken.add('execute_log_insights_query');
    expect(await errorRate.run({ ...contextOf(logs), thresholds: {} })).toMatchObject({ verdict: 'Inconclusive' });
  });

  it('leaves out the period of a metric that the act fell into', async () => {
    const logs = new ScriptedLogs();
    const run = async (): Promise<CheckResult> => {
      const window = { from: at(begin + 30), to: at(begin + 120) };
      return errorRate.run({ ...contextOf(logs, countingMetrics), window, thresholds: {} });
    };
    logs.metrics = { Asked: [[begin, 100]], Failed: [[begin, 90]] };
    expect(await run()).toMatchObject({ verdict: 'Inconclusive' });
    logs.metrics = { Asked: [...(logs.metrics['Asked'] ?? []), [begin + 60, 100]], Failed: [[begin, 90]] };
    expect(await run()).toMatchObject({ verdict: 'Pass', value: 0 });
  });

  it('counts lines where nothing tells requests', async () => {
    const quiet = Array.from({ length: 99 }, (_, index) => ({
      second: begin + index,
      fields: { level: 'info', message: 'settled' },
    }));
    expect(await check(quiet, [failure(begin, 'x')])).toMatchObject({
      verdict: 'Pass',
      value: 10_000,
      unit: 'errors per million log lines',
    });
  });
});

it('error-rate counts the bin that begins at the very end of the window', async () => {
  const last = { second: begin + 120, fields: { level: 'info', message: 'request', status: 500 } };
  const checked = await check(requests(begin, begin + 99, 200), [last]);
  expect(checked).toMatchObject({ verdict: 'Pass', value: 10_000 });
});
