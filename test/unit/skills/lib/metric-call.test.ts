import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { metricPoints } from '../../../../skills/lib/metric-call.ts';

const { signal } = new AbortController();
const window = { from: new Date('2026-11-20T10:00:00.400Z'), to: new Date('2026-11-20T10:00:20Z') };

/** What was asked of CloudWatch in this window. */
async function asked(periodSeconds?: number): Promise<readonly JsonObject[]> {
  const calls: JsonObject[] = [];
  const call = async (_tool: string, args: JsonObject): Promise<Json> => (calls.push(args), {});
  const named = periodSeconds === undefined ? {} : { periodSeconds };
  const request = { namespace: 'AWS/Lambda', name: 'Errors', dimensions: {}, statistic: 'SUM' as const, ...named };
  await metricPoints({ call }, request, window, signal);
  return calls;
}

it('the first period that is asked for begins within the window', async () => {
  expect(await asked(1)).toMatchObject([{ period: 1, start_time: '2026-11-20T10:00:01.000Z' }]);
  expect(await asked(10)).toMatchObject([{ period: 10, start_time: '2026-11-20T10:00:10.000Z' }]);
  expect(await asked()).toMatchObject([{ start_time: '2026-11-20T10:00:00.400Z' }]);
});

it('a window without a whole period has no points, and nobody is asked', async () => {
  expect(await asked(60)).toEqual([]);
});
