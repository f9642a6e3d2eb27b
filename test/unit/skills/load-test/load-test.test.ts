import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { addHistograms, histogramOf, histogramPercentile } from '../../../../skills/load-test/histogram.ts';
import { loadTest } from '../../../../skills/load-test/load-test.ts';
import { generate } from '../../../../skills/load-test/server/generate.ts';
import type { CheckContext } from '../../../../skills/skill.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { fakeTools, never, probeContext } from '../lib/fake-tools.ts';

const load = { url: 'http://shop.test/', durationSeconds: 5, maxErrorsPerMillion: 10_000, maxP95Milliseconds: 100 };

function context(answer: (args: JsonObject) => JsonObject, tests: JsonObject): CheckContext & { calls: JsonObject[] } {
  const calls: JsonObject[] = [];
  const tools = fakeTools({
    threehops_http_load: (args) => {
      calls.push(args);
      return answer(args);
    },
  });
  return { ...probeContext(tools, {}), thresholds: { tests }, calls };
}

function slice(requests: number, errors: number, ms: number): JsonObject {
  const answers = { '200': requests - errors, ...(errors > 0 ? { '503': errors } : {}) };
  return {
    requests,
    errors,
    tookMs: 2000,
    answers,
    latencies: histogramOf(Array.from({ length: requests }, () => ms)),
  };
}

describe('the load test', () => {
  it('is many short calls, added up and judged with figures', async () => {
    const checked = context(({ durationMs }) => slice(Number(durationMs) / 20, 0, 40), { load });
    expect(await loadTest.run(checked)).toEqual({
      name: 'load test',
      node: 'shop/code',
      verdict: 'Pass',
      summary: expect.stringMatching(
        /^250 requests, 41\.7\/s, p50 (40\S*), p95 \1, p99 \1 ms \(p95 at most 100 ms\); errors 0 % of at most 1 %; 200: 250$/,
      ),
      value: 0,
      threshold: 10_000,
      unit: 'errors per million',
      figures: expect.objectContaining({ requests: 250, requestsPerMinute: 2500, errorsPerMillion: 0 }),
    });
    expect(checked.calls.map(({ durationMs }) => durationMs)).toEqual([2000, 2000, 1000]);
  });

  it.each([
    ['too many errors', slice(100, 2, 40), 'Fail', 20_000],
    ['errors within the limit', slice(100, 1, 40), 'Pass', 10_000],
    ['too slow', slice(100, 0, 110), 'Fail', 0],
    ['nothing sent', slice(0, 0, 0), 'Inconclusive', undefined],
  ] as const)('judges %s', async (_, answer, verdict, value) => {
    const result = await loadTest.run(context(() => answer, { load }));
    expect([result.verdict, result.value]).toEqual([verdict, value]);
  });

  it('fails nothing for its latency where the map gives no bound', async () => {
    const { maxP95Milliseconds: _, ...unbounded } = load;
    const result = await loadTest.run(context(() => slice(100, 0, 2500), { load: unbounded }));
    expect(result.verdict).toBe('Pass');
    expect(result.summary).not.toContain('at most undefined');
  });

  it('lasts no longer than the map says where answers are late', async () => {
    const checked = context(() => ({ ...slice(2, 2, 2900), tookMs: 3999.4 }), { load });
    await loadTest.run(checked);
    expect(checked.calls.map(({ durationMs }) => durationMs)).toEqual([2000, 1000]);
  });

  it('is not run, and sends nothing, without a block in the map', async () => {
    const checked = context(() => slice(1, 0, 1), {});
    expect((await loadTest.run(checked)).verdict).toBe('NotRun');
    expect(checked.calls).toEqual([]);
  });

  it("passes the map's words on", async () => {
    const block = {
      ...load,
      method: 'POST',
      body: '{"a":1}',
      connections: 7,
      requestsPerSecond: 9,
      durationSeconds: 1,
    };
    const checked = context(() => slice(9, 0, 1), { load: block });
    await loadTest.run(checked);
    expect(checked.calls).toEqual([
      {
        url: load.url,
        method: 'POST',
        body: '{"a":1}',
        connections: 7,
        requestsPerSecond: 9,
        durationMs: 1000,
        timeoutMs: 3000,
      },
    ]);
  });
});

it('percentiles of added histograms are at most 2 % too high', () => {
  const all = Array.from({ length: 1000 }, (_, index) => 0.5 + index * 1.7);
  const halves = [all.slice(0, 500), all.slice(500)].map(histogramOf);
  for (const percent of [50, 95, 99]) {
    const exact = all[Math.ceil((1000 * percent) / 100) - 1] ?? 0;
    const told = histogramPercentile(addHistograms(halves), percent);
    expect(told).toBeGreaterThanOrEqual(exact * 0.9999);
    expect(told).toBeLessThanOrEqual(exact * 1.0201);
  }
  expect(histogramPercentile({}, 95)).toBeNaN();
});

describe('generating load', () => {
  it('sends evenly at the rate, and never more when the answers are slow', async () => {
    const clock = new FakeClock();
    const sentAt: number[] = [];
    const send = async (): Promise<{ ok: boolean; answer: string }> => {
      sentAt.push(clock.monotonicMs());
      await clock.sleep(250, never);
      return { ok: true, answer: '200' };
    };
    const running = generate({ connections: 2, requestsPerSecond: 10, durationMs: 1000 }, clock, send, never);
    await clock.advance(2000);
    const { ends, tookMs } = await running;
    expect(sentAt.slice(0, 4)).toEqual([0, 100, 250, 350]);
    expect(ends.every(({ ms }) => ms === 250)).toBe(true);
    expect(sentAt.every((at, index) => index === 0 || at - (sentAt[index - 1] ?? 0) >= 100)).toBe(true);
    expect(Math.max(...sentAt)).toBeLessThan(1000);
    expect(tookMs).toBeLessThan(1250);
  });

  it('stops when it is given up', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    let sent = 0;
    const send = (): Promise<{ ok: boolean; answer: string }> => {
      sent += 1;
      return Promise.resolve({ ok: true, answer: '200' });
    };
    const plan = { connections: 1, requestsPerSecond: 10, durationMs: 10_000 };
    const running = generate(plan, clock, send, stop.signal);
    running.catch(() => undefined);
    await clock.advance(250);
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    const before = sent;
    await clock.advance(1000);
    expect([before, sent]).toEqual([3, 3]);
  });
});
