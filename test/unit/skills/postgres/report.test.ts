import { describe, expect, it } from 'vitest';
import { blockingChains } from '../../../../skills/postgres/chains.ts';
import { postgresIdentity } from '../../../../skills/postgres/address.ts';
import { microTime } from '../../../../skills/postgres/micro-time.ts';
import { queryTemplate } from '../../../../skills/postgres/query-template.ts';
import { parseReport } from '../../../../skills/postgres/report.ts';

describe('a report', () => {
  const report = '{"name": "it\'s \\"h\\"", "n": 1, "path": "C:\\\\x"}';
  const python = `[{'report': '{"name": "it\\'s \\\\"h\\\\"", "n": 1, "path": "C:\\\\\\\\x"}'}]`;
  const value = { name: `it's "h"`, n: 1, path: 'C:\\x' };

  it('is read in every form that servers of the contract hand it over in', () => {
    expect(parseReport([{ report }])).toEqual(value);
    expect(parseReport({ result: [{ report }] })).toEqual(value);
    expect(parseReport(python)).toEqual(value);
    expect(parseReport({ result: [{ type: 'text', text: python }] })).toEqual(value);
    expect(parseReport(`[{'report': '{"a": "\\xe9\\u20ac\\n"}'}]`.replace('\\n', '\\\\n'))).toEqual({ a: 'é€\n' });
  });

  it.each([
    ['words', 'Error: permission denied', 'Error: permission denied'],
    ['no rows', [], 'the answer has no row'],
    ['null', null, 'the answer has no row'],
    ['no JSON', [{ report: '{' }], 'the answer holds no JSON'],
    ['text cut off', `[{'report': '{"a": 1`, `[{'report': '{"a": 1`],
  ])('that is %s is told as unreadable', (_, answer, message) => {
    expect(() => parseReport(answer)).toThrow(expect.objectContaining({ name: 'ReportUnreadable', message }));
  });
});

describe('a query template', () => {
  it.each([
    [`select * from t where a = 'x''y' and b = 12.5e3 and c = $1`, 'select * from t where a = ? and b = ? and c = $1'],
    [`select E'it\\'s' , x1, "Odd 'name' 2", t2.c3`, `select ? , x1, "Odd 'name' 2", t2.c3`],
    ['select 1 -- pin 1234\n /* and \n 99 */ from t', 'select ? from t'],
    ['insert into t values (1, 2), (3,4)', 'insert into t values (?, ...), ...'],
    ['where id in (1,2, 3)', 'where id in (?, ...)'],
    ['do $body$ secret 7 $body$', 'do ?'],
    [`update t set a = 'cut o`, 'update t set a = ?'],
    ['', ''],
  ])('masks the literals of %s', (query, template) => {
    expect(queryTemplate(query)).toBe(template);
  });
});

describe('blocking chains', () => {
  it('lead through those in the middle, to several roots, and never round in circles', () => {
    const waits = [
      { pid: 2, blockers: [1], mode: '' },
      { pid: 3, blockers: [2], mode: '' },
      { pid: 4, blockers: [3, 9], mode: '' },
      { pid: 20, blockers: [21], mode: '' },
      { pid: 21, blockers: [20], mode: '' },
    ];
    expect(blockingChains(waits)).toEqual([
      { root: 1, direct: [2], blocked: [2, 3, 4] },
      { root: 9, direct: [4], blocked: [4] },
    ]);
  });
});

it('microseconds are kept', () => {
  expect(microTime(1_795_248_349_400_599)).toBe('2026-11-21T08:05:49.400599Z');
  expect(microTime('1795248349000001')).toBe('2026-11-21T08:05:49.000001Z');
  expect(microTime(null)).toBeUndefined();
});

it('a database is the same however a map writes it, and unknown where only the Secret says it', () => {
  const same = [
    { url: 'postgres://DB.test/shop' },
    { host: 'db.test', port: 5432, database: 'shop', maxConnectionsPercent: 50 },
    { url: 'postgresql://elsewhere:1/shop?sslmode=require', host: 'db.test', port: 5432 },
  ];
  expect(new Set(same.map(postgresIdentity))).toEqual(new Set(['postgres:db.test:5432/shop']));
  expect(postgresIdentity({ host: 'db.test' })).toBeUndefined();
});
