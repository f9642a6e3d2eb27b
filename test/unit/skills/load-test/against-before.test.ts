import { expect, it } from 'vitest';
import { figuresFrom, figuresOf, type LoadFigures } from '../../../../skills/load-test/figures.ts';
import { histogramOf } from '../../../../skills/load-test/histogram.ts';
import { againstBefore } from '../../../../skills/load-test/against-before.ts';
import { loadBlockOf, type LoadBlock } from '../../../../skills/load-test/load-block.ts';
import { loadTest } from '../../../../skills/load-test/load-test.ts';
import type { CheckContext } from '../../../../skills/skill.ts';
import { fakeTools, probeContext } from '../lib/fake-tools.ts';

const load = { url: 'http://shop.test/', durationSeconds: 2, maxErrorsPerMillion: 50_000, maxP95Milliseconds: 100 };

function block(): LoadBlock {
  const found = loadBlockOf({ tests: { load } });
  if (found === undefined) throw new Error('there is a block');
  return found;
}

function figures(requests: number, errors: number, ms: number): LoadFigures {
  const latencies = histogramOf(Array.from({ length: requests }, () => ms));
  const found = figuresOf({ requests, errors, tookMs: 5000, answers: {}, latencies });
  if (found === undefined) throw new Error('something was sent');
  return found;
}

const words = (now: LoadFigures, then: LoadFigures): string =>
  againstBefore(block(), now, { verdict: 'Fail', summary: '', figures: then }).join();

it.each([
  ['far fewer fail, and the answers take longer', figures(250, 0, 40), figures(250, 152, 9), 'better'],
  ['far more fail', figures(250, 152, 9), figures(250, 0, 40), 'worse'],
  ['one in a hundred more is chance', figures(100, 1, 40), figures(100, 0, 40), 'the same'],
  ['as many fail, faster', figures(250, 250, 2), figures(250, 250, 90), 'the same'],
  ['none fails, and the answers are much faster', figures(250, 0, 40), figures(250, 0, 900), 'better'],
  ['none fails, and the answers are much slower', figures(250, 0, 90), figures(250, 0, 9), 'worse'],
  ['none fails, and the answers vary', figures(250, 0, 40), figures(250, 0, 60), 'the same'],
])('%s: %#', (_, now, then, standing) => {
  expect(words(now, then)).toContain(`(now ${standing})`);
});

it('tells the rate, the latency and the errors of before', () => {
  expect(words(figures(250, 0, 40), figures(250, 152, 9))).toMatch(
    /^before: 50\/s, p95 9\S* ms, errors 60\.8 % \(now better\)$/,
  );
});

it.each([
  ['better, and still too many fail', { errors: 10, earlier: 90, verdict: 'Fail', standing: 'better' }],
  ['worse, and still within the threshold', { errors: 4, earlier: 0, verdict: 'Pass', standing: 'worse' }],
] as const)('gives no verdict, the thresholds do: %s', async (_, { errors, earlier, verdict, standing }) => {
  const latencies = histogramOf(Array.from({ length: 400 }, () => 9));
  const answers = { '200': 4 * (100 - errors), '503': 4 * errors };
  const tools = fakeTools({
    threehops_http_load: () => ({ requests: 400, errors: 4 * errors, tookMs: 2000, answers, latencies }),
  });
  const before = { verdict: 'Fail', summary: '', figures: figures(400, 4 * earlier, 9) } as const;
  const context: CheckContext = { ...probeContext(tools, {}), thresholds: { tests: { load } }, before };
  const result = await loadTest.run(context);
  expect(result.verdict).toBe(verdict);
  expect(result.summary).toContain(`errors ${errors} % of at most 5 %; before: 80/s, p95 9`);
  expect(result.summary).toContain(`errors ${earlier} % (now ${standing}); 200: `);
});

it('says why nothing was measured before, and nothing where nothing was meant to be', () => {
  const failed = { verdict: 'Inconclusive', summary: 'the server is gone', figures: {} } as const;
  expect(againstBefore(block(), figures(1, 0, 1), failed)).toEqual(['before: not measured (the server is gone)']);
  expect(againstBefore(block(), figures(1, 0, 1), undefined)).toEqual([]);
});

it('reads back what a status holds, all of it or nothing', () => {
  const held = figures(250, 152, 9);
  expect(figuresFrom(held)).toEqual(held);
  expect(Object.values(held).every(Number.isSafeInteger)).toBe(true);
  const { p95Microseconds: _, ...part } = held;
  expect(figuresFrom(part)).toBeUndefined();
});
