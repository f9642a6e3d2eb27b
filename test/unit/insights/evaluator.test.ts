import { describe, expect, test } from 'vitest';
import { answer } from '../../lab/insights/evaluator.ts';
import { parseQuery } from '../../lab/insights/parser.ts';
import { events } from './events.ts';

/** A query, and the rows that it answers over the events of events.ts, without `@ptr`. */
type Case = readonly [query: string, rows: readonly Readonly<Record<string, string>>[]];

const cases: Readonly<Record<string, readonly Case[]>> = {
  fields: [
    ['fields @logStream, status | filter ispresent(status) | limit 1', [{ '@logStream': 'web/2', status: '503' }]],
    ['FIELDS status AS code | FILTER status = 503', [{ code: '503' }]],
    ['fields concat(level, "-", user.id) as who | filter user.id = "u2"', [{ who: 'error-u2' }]],
    ['fields ms / 1000 as s, s * 2 as twice | filter status = 404', [{ s: '0.03', twice: '0.06' }]],
    ['fields 2 ^ 3 ^ 2, (1 + 2) * -3, 7 % 4 | limit 1', [{ '2 ^ 3 ^ 2': '512', '(1 + 2) * -3': '-9', '7 % 4': '3' }]],
    ['fields `user.id`, tags.1 | filter tags.0 = "a"', [{ 'user.id': 'u1', 'tags.1': 'b' }]],
    [
      'fields strlen(level) as n, toupper(level) as l, substr(level, 1, 2) as s | filter status = 404',
      [{ n: '4', l: 'WARN', s: 'ar' }],
    ],
    ['fields coalesce(missing, level, "none") as l, missing | filter status = 404', [{ l: 'warn' }]],
    [
      'fields greatest(1, ms, 7) as g, least(ms, 7) as l, floor(1.9) as f | filter status = 404',
      [{ g: '30', l: '7', f: '1' }],
    ],
    [
      'fields datefloor(@timestamp, 1m) as d, tomillis(@timestamp) as t | filter status = 404',
      [{ d: '2026-03-01 10:01:00.000', t: '1772359265000' }],
    ],
  ],
  filter: [
    ['fields status | filter status >= 500 and ms > 300', [{ status: '503' }]],
    [
      'fields status | filter status = 404 or (status = 503 and not ms < 100) | sort status',
      [{ status: '404' }, { status: '503' }],
    ],
    ['fields status | filter status = "404"', [{ status: '404' }]],
    ['fields status | filter status in [404, 503] | sort status desc', [{ status: '503' }, { status: '404' }]],
    [
      'fields status | filter ispresent(status) and status not in [404, 503, 500] | sort ms',
      [{ status: '200' }, { status: '200' }, { status: '204' }],
    ],
    ['fields level | filter level like /^(?:WARN|ERR)/', []],
    ['fields level | filter level like /(?i)^warn/', [{ level: 'warn' }]],
    ['fields level | filter level =~ /war./', [{ level: 'warn' }]],
    [
      'fields @message | filter @message like "out of memory"',
      [{ '@message': 'OOM: worker 7 out of memory after 512 MiB' }],
    ],
    [
      'fields level | filter level not like "info" and ispresent(level) | sort level',
      [{ level: 'error' }, { level: 'error' }, { level: 'warn' }],
    ],
    ['fields @message | filter @message like /a\\/b/', [{ '@message': 'GET a/b took 12 ms' }]],
    ['fields ms | filter retried = 1', [{ ms: '250' }]],
    ['fields ms | filter retried = "true"', [{ ms: '250' }]],
    ['fields status # | filter status = 1\n | filter status = 404', [{ status: '404' }]],
    [
      'fields @message | filter level != "info" and not ispresent(level) | sort @timestamp | limit 1',
      [{ '@message': 'OOM: worker 7 out of memory after 512 MiB' }],
    ],
    [
      "filter @logStream = 'web/2' and strcontains(@message, 'took')",
      [{ '@timestamp': '2026-03-01 10:02:05.000', '@message': 'GET a/b took 12 ms' }],
    ],
  ],
  parse: [
    [
      'fields n, mem | parse @message "worker * out of memory after * MiB" as n, mem | filter ispresent(n)',
      [{ n: '7', mem: '512' }],
    ],
    [
      'parse "GET * took * ms" as path, took | filter took < 100 | display path, took + 1 as more',
      [{ path: 'a/b', more: '13' }],
    ],
    [
      'parse @message /worker (?<n>\\d+).*after (?<mem>\\d+)/ | filter mem > 500 | fields mem * 2 as twice',
      [{ twice: '1024', n: '7', mem: '512' }],
    ],
    ['parse @message "after *" as rest | filter ispresent(rest) | display rest', [{ rest: '512 MiB' }]],
    ['parse @logStream "*/*" as kind, n | stats count(*) as c by kind', [{ c: '8', kind: 'web' }]],
    [
      'parse @message "OOM: * after" as a | parse a "worker * out" as n | filter ispresent(n) | display n',
      [{ n: '7' }],
    ],
  ],
  stats: [
    ['stats count(*)', [{ 'count(*)': '8' }]],
    [
      'stats count(status), count_distinct(level), sum(ms), min(ms), max(ms)',
      [{ 'count(status)': '6', 'count_distinct(level)': '3', 'sum(ms)': '900', 'min(ms)': '10', 'max(ms)': '400' }],
    ],
    ['stats avg(ms) as mean, pct(ms, 50) as p50, pct(ms, 99) as p99', [{ mean: '150', p50: '60', p99: '400' }]],
    [
      'stats count(*) as n by level | sort n desc, level',
      [{ n: '3', level: 'info' }, { n: '2' }, { n: '2', level: 'error' }, { n: '1', level: 'warn' }],
    ],
    [
      'stats count(*) by bin(1m) | sort bin(1m)',
      [
        { 'count(*)': '3', 'bin(1m)': '2026-03-01 10:00:00.000' },
        { 'count(*)': '2', 'bin(1m)': '2026-03-01 10:01:00.000' },
        { 'count(*)': '3', 'bin(1m)': '2026-03-01 10:02:00.000' },
      ],
    ],
    ['stats count(*) as n by bin(30s) as t | sort t desc | limit 1', [{ n: '3', t: '2026-03-01 10:02:00.000' }]],
    [
      'stats count(*) as n by bin(5m), @logStream | sort @logStream',
      [
        { n: '5', 'bin(5m)': '2026-03-01 10:00:00.000', '@logStream': 'web/1' },
        { n: '3', 'bin(5m)': '2026-03-01 10:00:00.000', '@logStream': 'web/2' },
      ],
    ],
    [
      'stats earliest(status) as first, latest(status) as last, max(@timestamp) as t',
      [{ first: '200', last: '503', t: '2026-03-01 10:02:10.000' }],
    ],
    ['stats sum(status >= 500) / count(status) * 100 as percent', [{ percent: String((2 / 6) * 100) }]],
    ['stats max(ms) as high, min(ms) as low, high - low as spread', [{ high: '400', low: '10', spread: '390' }]],
    ['stats count(*) as n by @logStream | filter n > 4', [{ n: '5', '@logStream': 'web/1' }]],
    [
      'stats count(*) by level, status | stats count(*) as pairs by level | filter level = "info"',
      [{ pairs: '2', level: 'info' }],
    ],
    ['stats avg(ms) by level | stats max(avg(ms)) as worst', [{ worst: '325' }]],
    ['filter status = 999 | stats count(*)', []],
    ['filter status = 200 | stats stddev(ms) as s, sum(level) as none', [{ s: '25' }]],
  ],
  'sort, limit, dedup, display': [
    ['fields ms | filter ispresent(ms) | sort ms asc | limit 2', [{ ms: '10' }, { ms: '30' }]],
    [
      'fields level, ms | filter ispresent(level) | sort level desc, ms desc | limit 2',
      [
        { level: 'warn', ms: '30' },
        { level: 'info', ms: '150' },
      ],
    ],
    [
      'fields level, ms | filter ispresent(level) | sort ms desc | dedup level',
      [
        { level: 'error', ms: '400' },
        { level: 'info', ms: '150' },
        { level: 'warn', ms: '30' },
      ],
    ],
    ['fields level | filter @logStream = "web/2" | dedup level', [{ level: 'error' }, {}, { level: 'info' }]],
    ['fields level, ms | display ms | filter status = 404', [{ ms: '30' }]],
    ['fields status | display level | display ms as took | filter status = 404', [{ took: '30' }]],
  ],
};

function rowsOf(query: string): Record<string, string>[] {
  const { results } = answer(parseQuery(query), events);
  const kept = results.map((row) => row.filter(({ field }) => field !== '@ptr'));
  return kept.map((row) => Object.fromEntries(row.map(({ field, value }) => [field, value])));
}

describe.each(Object.entries(cases))('%s', (_name, table) => {
  test.each(table)('%s', (query, rows) => {
    expect(rowsOf(query)).toEqual(rows);
  });
});

test('a query without fields answers time, message and pointer, newest first', () => {
  const { results } = answer(parseQuery('limit 2'), events);
  expect(results.map((row) => row.map(({ field }) => field))).toEqual([
    ['@timestamp', '@message', '@ptr'],
    ['@timestamp', '@message', '@ptr'],
  ]);
  expect(results[0]?.[0]).toEqual({ field: '@timestamp', value: '2026-03-01 10:02:10.000' });
});

test('the rows of stats have no pointer', () => {
  expect(answer(parseQuery('stats count(*) as n'), events).results).toEqual([[{ field: 'n', value: '8' }]]);
});

test('statistics count what was scanned and what the filters let through, whatever limit leaves', () => {
  const { statistics, results } = answer(parseQuery('filter level = "info" | limit 1'), events);
  const bytesScanned = events.reduce((bytes, event) => bytes + Buffer.byteLength(event.message), 0);
  expect(results).toHaveLength(1);
  expect(statistics).toEqual({ recordsMatched: 3, recordsScanned: 8, bytesScanned });
});

test("the request's limit holds where the query has none", () => {
  expect(answer(parseQuery('fields ms'), events, 3).results).toHaveLength(3);
  expect(answer(parseQuery('fields ms | limit 5'), events, 3).results).toHaveLength(5);
});

test("a field of a message that begins with @ does not hide the event's own", () => {
  const [event] = events;
  if (event === undefined) throw new Error('no events');
  const message = JSON.stringify({ '@message': 'inner', '@timestamp': 'then' });
  const { results } = answer(parseQuery('fields @message, @@message, @@timestamp'), [{ ...event, message }]);
  expect(results[0]?.slice(0, 3).map(({ value }) => value)).toEqual([message, 'inner', 'then']);
});
