import { expect, it } from 'vitest';
import { metricPoints } from '../../../../skills/lib/metric-call.ts';

const { signal } = new AbortController();
const window = { from: new Date('2026-11-20T10:00:40Z'), to: new Date('2026-11-20T10:03:00Z') };

it('leaves out the period that the window begins in: it counts what was before', async () => {
  const at = (minute: string, value: number) => ({ timestamp: `2026-11-20T10:${minute}:00Z`, value });
  const datapoints = [at('02', 3), at('00', 1), at('01', 2)];
  const call = async () => ({ metricDataResults: [{ datapoints }] });
  const request = { namespace: 'AWS/Lambda', name: 'Errors', dimensions: {}, statistic: 'SUM' as const };
  const points = await metricPoints({ call }, request, window, signal);
  expect(points.map(([, value]) => value)).toEqual([2, 3]);
});
