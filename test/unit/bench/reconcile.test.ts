import { describe, expect, it } from 'vitest';
import { readOptions } from '../../bench/reconcile/options.ts';
import { readRequests, since } from '../../bench/reconcile/server-count.ts';
import { asJson, asText } from '../../bench/reconcile/show.ts';
import { spread, summarize, type Measured, type Name } from '../../bench/reconcile/summary.ts';
import { UsageError } from '../../bench/usage-error.ts';

function lap(round: number, name: Name, sessionsPerMinute: number): Measured {
  return {
    round,
    name,
    seconds: 60,
    sessionsPerMinute,
    writesPerSecond: (sessionsPerMinute * 8) / 60,
    cpuMsPerWrite: name === 'operator' ? round : 100,
    rssMiB: 100 + round,
    serverCpuMsPerWrite: 5,
    requests: { 'PUT/status 200': 4000 },
  };
}

const laps = [1, 2, 3].flatMap((round) => [
  lap(round, 'bare', 400),
  lap(round, 'operator', 100 * round),
  lap(round, 'reference', 200),
]);

describe('the summary', () => {
  it('compares laps of one round only, and takes the median', () => {
    expect(summarize(laps)).toEqual({
      ratioToGo: { median: 1, least: 0.5, most: 1.5 },
      shareOfRawWrites: { median: 0.5, least: 0.25, most: 0.75 },
      cpuMsPerWrite: { median: 2, least: 1, most: 3 },
      rssMiB: { median: 102, least: 101, most: 103 },
    });
  });

  it('takes the middle of two for an even number', () => {
    expect(spread([4, 1, 2, 10])).toEqual({ median: 3, least: 1, most: 10 });
    expect(() => spread([])).toThrow(RangeError);
  });

  it('is JSON with the medians and every run', () => {
    const shown = JSON.parse(asJson({ about: [], laps })) as { runs: unknown[] };
    expect(shown).toMatchObject({ ratioToGo: 1, shareOfRawWrites: 0.5, cpuMsPerWrite: 2, rssMiB: 102 });
    expect(shown.runs).toHaveLength(9);
    expect(Object.keys(shown)).toEqual(['ratioToGo', 'shareOfRawWrites', 'cpuMsPerWrite', 'rssMiB', 'runs']);
  });

  it('is text with the spread and the aims', () => {
    const lines = asText({ about: ['here'], laps }).split('\n');
    expect(lines[0]).toBe('here');
    expect(lines).toContain('ratio to Go            1.00 (0.50 to 1.50), aim 1.0 or more');
    expect(lines.filter((line) => line.includes('Go reference'))).toHaveLength(3);
  });
});

describe("the API server's own count", () => {
  const sample = (verb: string, subresource: string, code: string, resource: string, count: number): string =>
    `apiserver_request_total{code="${code}",component="apiserver",group="threehops.dev",resource="${resource}",` +
    `scope="resource",subresource="${subresource}",verb="${verb}",version="v1alpha1"} ${count}`;

  it('is of sessions alone, by verb and code, over all other labels', () => {
    const text = [
      '# TYPE apiserver_request_total counter',
      sample('PUT', 'status', '200', 'debugsessions', 7),
      sample('PUT', 'status', '200', 'debugsessions', 1),
      sample('PUT', 'status', '409', 'debugsessions', 2),
      sample('PUT', 'status', '200', 'approvals', 5),
      sample('GET', '', '200', 'debugsessions', 3),
    ];
    expect(Object.fromEntries(readRequests(text.join('\n')))).toEqual({
      'PUT/status 200': 8,
      'PUT/status 409': 2,
      'GET 200': 3,
    });
  });

  it('is told as what came in between', () => {
    const before = new Map([
      ['GET 200', 3],
      ['PUT/status 200', 8],
    ]);
    const after = new Map([
      ['PUT/status 200', 16],
      ['GET 200', 3],
      ['PATCH 200', 1],
    ]);
    expect(since(before, after)).toEqual({ 'PATCH 200': 1, 'PUT/status 200': 8 });
  });
});

describe('the command line', () => {
  it('has defaults', () => {
    expect(readOptions([])).toEqual({ json: false, sessions: 500, rounds: 5 });
    expect(readOptions(['--json', '--sessions', '20'])).toEqual({ json: true, sessions: 20, rounds: 5 });
  });

  it.each([['--sessions', '0'], ['--rounds', 'x'], ['--what']])('refuses %s %s', (...argv) => {
    expect(() => readOptions(argv)).toThrow(UsageError);
  });
});
