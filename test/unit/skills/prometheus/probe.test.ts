import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import type { Finding } from '../../../../controller/evidence/finding.ts';
import { checkParameters } from '../../../../controller/topology/parameters.ts';
import { withinThreshold } from '../../../../skills/prometheus/checks.ts';
import { probe } from '../../../../skills/prometheus/probe.ts';
import { skill } from '../../../../skills/prometheus/skill.ts';
import type { ProbeContext } from '../../../../skills/skill.ts';
import { failed, fakeTools, probeContext, window } from '../lib/fake-tools.ts';

const from = window.from.getTime() / 1000;
const busy = { name: 'busy', query: 'pool_busy', aspect: 'Saturation', unit: 'connections' };
const usual = [5, 6, 5, 6, 5, 6];

/** A series with a sample a minute: some before the window, the others from its begin on. */
function series(before: readonly number[], now: readonly (number | string)[], metric: JsonObject = {}): JsonObject {
  const values = [
    ...before.map((value, index) => [from - 60 * (before.length - index), String(value)]),
    ...now.map((value, index) => [from + 60 * index, String(value)]),
  ];
  return { metric, values };
}

/** Looked at when the newest of these samples was taken. */
function contextOf(
  result: Json | Error,
  parameters: JsonObject,
  more: Readonly<Record<string, Json>> = {},
): ProbeContext {
  const others = Object.fromEntries(Object.entries(more).map(([tool, answer]) => [tool, () => answer]));
  const range = (): Json | Error => (result instanceof Error ? result : { resultType: 'matrix', result });
  const context = probeContext(fakeTools({ execute_range_query: range, ...others }), {
    stepSeconds: 60,
    ...parameters,
  });
  const times = (Array.isArray(result) ? (result as JsonObject[]) : []).flatMap(({ values }) =>
    (values as [number, string][]).map(([time]) => time * 1000),
  );
  return times.length === 0 ? context : { ...context, window: { ...window, to: new Date(Math.max(...times)) } };
}

async function told(watched: JsonObject, ...answered: readonly JsonObject[]): Promise<readonly Finding[]> {
  return (await probe(contextOf(answered, { queries: [{ ...busy, ...watched }] }))).findings;
}

it('tells who talks to whom, where the labels of what is asked do', async () => {
  const answered = [series(usual, [5, 5], { destination_service: 'mail.partner.io', source_workload: 'shop' })];
  const { peers } = await probe(contextOf(answered, { queries: [busy] }));
  expect(peers).toMatchObject([
    { name: 'mail.partner.io', role: 'Called' },
    { name: 'shop', role: 'Caller' },
  ]);
});

describe('a query with a threshold', () => {
  it('has crossed it where the newest two samples did, since the first of them', async () => {
    const [finding, ...rest] = await told({ threshold: 8 }, series(usual, [9, 5, 9, 10], { pool: 'main' }));
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({
      id: 'shop/code:prometheus.ThresholdCrossed:busy pool=main',
      severity: 'Warning',
      summary: 'busy pool=main is 10 connections, above 8 connections',
      since: new Date((from + 120) * 1000).toISOString(),
      value: 10,
      threshold: 8,
      unit: 'connections',
      source: 'execute_range_query pool_busy',
      facts: { labels: { pool: 'main' }, aspect: 'Saturation', worse: 'Up' },
    });
  });

  it('has not by one sample, nor by what was before the window, nor by reaching it', async () => {
    expect(await told({ threshold: 8 }, series(usual, [5, 5, 9]))).toEqual([]);
    expect(await told({ threshold: 8 }, series([9, 9, 9], [5, 5]))).toEqual([]);
    expect(await told({ threshold: 8 }, series([], [8, 8, 8]))).toEqual([]);
  });

  it('counts downwards where less is worse, and samples that are no number are none', async () => {
    const [finding] = await told({ threshold: 4, worse: 'Down' }, series(usual, [3, 'NaN', 2, 'NaN']));
    expect(finding).toMatchObject({ value: 2, summary: 'busy is 2 connections, below 4 connections' });
  });
});

it('a series that has ended is of the past: it has crossed nothing, is not strange, and fails no check', async () => {
  const replaced = series(usual, [50, 50], { pod: 'a' });
  const present = series(usual, [5, 5, 5, 5, 5], { pod: 'b' });
  expect(await told({ threshold: 8 }, replaced, present)).toEqual([]);
  expect(await told({}, replaced, present)).toEqual([]);
  const context = contextOf([replaced, present], { queries: [{ ...busy, threshold: 8 }] });
  expect(await withinThreshold.run({ ...context, thresholds: {} })).toMatchObject({ verdict: 'Pass', value: 5 });
});

describe('a query without one', () => {
  it('is strange far from its own baseline, for half of the window or the newest five samples', async () => {
    const [finding] = await told({}, series(usual, [50, 52]));
    expect(finding).toMatchObject({ kind: 'prometheus.Anomaly', value: 51, threshold: 5.5, facts: { z: 61.4 } });
    const late = await told({}, series(usual, [...usual, ...usual, 50, 50, 50, 50, 50]));
    expect(late).toMatchObject([{ kind: 'prometheus.Anomaly', since: new Date((from + 720) * 1000).toISOString() }]);
  });

  it('is strange against the time before the harm, where that is not the time right before the window', async () => {
    const asked = series([...usual, 50, 52, 51, 50, 52, 50, 51], [50, 52]);
    const range = (args: JsonObject): Json => {
      const [since, until] = ['start', 'end'].map((key) => Date.parse(args[key] as string) / 1000);
      const within = (asked['values'] as [number, string][]).filter(
        ([time]) => time >= (since ?? 0) && time <= (until ?? 0),
      );
      return { resultType: 'matrix', result: [{ metric: {}, values: within }] };
    };
    const context = probeContext(fakeTools({ execute_range_query: range }), { stepSeconds: 60, queries: [busy] });
    const seen = { ...window, to: new Date((from + 60) * 1000) };
    const kinds = async (normalUntil?: Date) => {
      const at = normalUntil === undefined ? seen : { ...seen, normalUntil };
      return (await probe({ ...context, window: at })).findings.map(({ kind, threshold }) => [kind, threshold]);
    };
    expect(await kinds()).toEqual([]);
    expect(await kinds(new Date((from - 421) * 1000))).toEqual([['prometheus.Anomaly', 5.5]]);
  });

  it('is judged by what is right before the window where that other time cannot be read, which is a gap', async () => {
    const range = (args: JsonObject): Json | Error =>
      Date.parse(args['end'] as string) < window.from.getTime()
        ? failed('execute_range_query', 'too old')
        : { resultType: 'matrix', result: [series(usual, [50, 52])] };
    const context = probeContext(fakeTools({ execute_range_query: range }), { stepSeconds: 60, queries: [busy] });
    const seen = { ...window, to: new Date((from + 60) * 1000), normalUntil: new Date((from - 3600) * 1000) };
    const { findings, gaps } = await probe({ ...context, window: seen });
    expect(findings.map(({ kind }) => kind)).toEqual(['prometheus.Anomaly']);
    expect(gaps.map(({ what }) => what)).toEqual(['what is normal: query busy']);
  });

  it('is not by one spike, by being better, or with nothing to compare', async () => {
    expect(await told({}, series(usual, [50, 5, 5]))).toEqual([]);
    expect(await told({}, series(usual, [...usual, 50, 50, 50, 50]))).toEqual([]);
    expect(await told({ worse: 'Down' }, series(usual, [50, 50]))).toEqual([]);
    expect(await told({}, series([5, 5], [50, 50]))).toEqual([]);
  });
});

it('every series of a query is judged by itself and handed on, in the order of their labels', async () => {
  const answered = [series(usual, [9, 9], { pool: 'b' }), series(usual, [5, 5], { pool: 'a' })];
  const { findings, series: handed } = await probe(contextOf(answered, { queries: [{ ...busy, threshold: 8 }] }));
  expect(findings.map(({ id }) => id)).toEqual(['shop/code:prometheus.ThresholdCrossed:busy pool=b']);
  expect(handed.map(({ name, aspect, points }) => [name, aspect, points.length])).toEqual([
    ['busy pool=a', 'Saturation', 8],
    ['busy pool=b', 'Saturation', 8],
  ]);
});

describe('alerts', () => {
  const alert = (severity: string, since: number): JsonObject => ({
    metric: { __name__: 'ALERTS_FOR_STATE', alertname: 'PoolBusy', severity },
    value: [from + 3600, String(since)],
  });
  const asked = async (one: JsonObject): Promise<readonly Finding[]> => {
    const more = { execute_query: { resultType: 'vector', result: [one] } };
    return (await probe(contextOf([], { alerts: { matchLabels: { service: 'shop' } } }, more))).findings;
  };

  it.each([
    ['critical', 60, 'Critical'],
    ['warning', 60, 'Warning'],
    ['anything', 60, 'Warning'],
    ['info', 60, 'Info'],
    ['critical', -60, 'Info'],
  ])('of severity %s that began %s s after the window did are %s', async (severity, after, expected) => {
    expect(await asked(alert(severity, from + after))).toMatchObject([
      { kind: 'prometheus.AlertFiring', severity: expected, since: new Date((from + after) * 1000).toISOString() },
    ]);
  });
});

it('the worst of many alerts are told, and that there are more', async () => {
  const alerts = Array.from({ length: 25 }, (_, index) => ({
    metric: { alertname: `a${index}`, severity: index === 24 ? 'critical' : 'warning' },
    value: [from + 3600, String(from + 60)],
  }));
  const more = { execute_query: { resultType: 'vector', result: alerts } };
  const { findings, gaps } = await probe(contextOf([], { alerts: { matchLabels: { service: 'shop' } } }, more));
  expect(findings).toHaveLength(20);
  expect(findings[0]).toMatchObject({ severity: 'Critical', value: 1, threshold: 0, facts: { alert: 'a24' } });
  expect(gaps).toMatchObject([{ what: 'alerts', reason: '25 fire, 20 are told' }]);
});

describe('targets', () => {
  const labels = { job: 'shop', instance: 'a:80' };
  const parameters = { targets: { matchLabels: { job: 'shop' } } };
  const active = { activeTargets: [{ labels, lastError: 'connection refused' }] };

  it('that cannot be scraped are told with the words of the scraper', async () => {
    const up = series([], [1, 0, 0], { __name__: 'up', ...labels });
    expect((await probe(contextOf([up], parameters, { get_targets: active }))).findings).toMatchObject([
      {
        kind: 'prometheus.TargetDown',
        since: new Date((from + 60) * 1000).toISOString(),
        source: 'execute_range_query up{instance="a:80",job="shop"}',
        facts: { error: 'connection refused' },
      },
    ]);
  });

  it('that another one has replaced are not down', async () => {
    const answered = [series([], [1, 0, 0], labels), series([], [1, 1, 1, 1, 1, 1], { ...labels, instance: 'b:80' })];
    expect((await probe(contextOf(answered, parameters))).findings).toEqual([]);
  });

  it('that can be are not asked about', async () => {
    const context = contextOf([series([], [0, 1], labels), series([], [1, 1, 0], labels)], parameters);
    expect((await probe(context)).findings).toEqual([]);
    expect((context.tools as ReturnType<typeof fakeTools>).calls).toEqual(['execute_range_query']);
  });
});

describe('what could not be seen', () => {
  const queries = { queries: [busy] };

  it('is a gap where something else was answered', async () => {
    const answered = { execute_query: { resultType: 'vector', result: [] } };
    const parameters = { ...queries, alerts: { matchLabels: { service: 'shop' } } };
    const { gaps } = await probe(contextOf([], parameters, answered));
    expect(gaps).toEqual([{ node: 'shop/code', what: 'series of query busy', reason: 'it answered none' }]);
  });

  it('is no health where nothing was', async () => {
    await expect(probe(contextOf(failed('execute_range_query', 'bad_data'), queries))).rejects.toMatchObject({
      name: 'NothingAnsweredError',
    });
    await expect(probe(contextOf([], queries))).rejects.toMatchObject({ name: 'NothingAnsweredError' });
  });
});

describe('the check', () => {
  const verdict = async (
    answered: readonly JsonObject[] | Error,
    watched: JsonObject = { threshold: 8 },
  ): Promise<unknown> => {
    const context = contextOf(answered as Json, { queries: [{ ...busy, ...watched }] });
    return (await withinThreshold.run({ ...context, thresholds: {} })).verdict;
  };

  it('judges the newest samples by the threshold, and nothing without samples or threshold', async () => {
    expect(await verdict([series([], [9, 9, 5])])).toBe('Pass');
    expect(await verdict([series([], [5, 9, 9])])).toBe('Fail');
    expect(await verdict([])).toBe('Inconclusive');
    expect(await verdict(failed('execute_range_query', 'timeout'))).toBe('Inconclusive');
    expect(await verdict([series([], [5])], {})).toBe('NotRun');
  });
});

it('two nodes that ask one Prometheus the same are one, whatever they call it', () => {
  const one = skill.identity({ url: 'http://prom.test/', queries: [busy] });
  expect(skill.identity({ url: 'http://prom.test', queries: [{ ...busy, name: 'other' }] })).toBe(one);
  expect(skill.identity({ url: 'http://prom.test', queries: [{ ...busy, query: 'other' }] })).not.toBe(one);
});

it('parameters that are missing or unsafe are refused', () => {
  const refused: readonly JsonObject[] = [
    {},
    { url: 'http://user:pass@prom.test', queries: [busy] },
    { alerts: { matchLabels: {} } },
    { alerts: { matchLabels: { 'a"}': 'b' } } },
  ];
  for (const wrong of refused) expect(checkParameters(skill, wrong)).toMatchObject({ ok: false });
  expect(checkParameters(skill, { queries: [busy] })).toMatchObject({ ok: true, with: { stepSeconds: 15 } });
});
