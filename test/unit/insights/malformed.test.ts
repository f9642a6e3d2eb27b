import { expect, test } from 'vitest';
import { MalformedQuery } from '../../lab/insights/malformed.ts';
import { parseQuery } from '../../lab/insights/parser.ts';

const malformed: readonly (readonly [query: string, message: string])[] = [
  ['', 'expected a command'],
  ['fields a |', 'expected a command'],
  ['fields a | | limit 1', 'expected a command'],
  ['pattern @message', 'the command pattern is not supported'],
  ['select * from logs', 'the command select is not supported'],
  ['fields a b', 'expected | or the end of the query, found b'],
  ['fields x-y as', 'expected the name of a field'],
  ['filter a == 1', 'expected a field, a value or a function, found ='],
  ['filter a && b', 'unexpected character &'],
  ['filter a = true', 'unexpected true: a field of this name needs backticks'],
  ['filter a like b', 'expected a string or a regular expression, found b'],
  ['filter a like /x', 'the regular expression has no closing /'],
  ['filter a like /(/', '/(/ is not a regular expression'],
  ['filter a like /(?x)y/', 'the flag x is not supported'],
  ['filter a not b', 'expected like or in after not, found b'],
  ['filter a in (1, 2)', 'expected [, found ('],
  ['filter a = "x', 'no closing "'],
  ['filter (a = 1', 'expected ), found the end of the query'],
  ['filter count(*) > 1', 'an aggregate may stand in stats only'],
  ['filter isIpInSubnet(a, "10.0.0.0/8")', 'the function isIpInSubnet is not supported'],
  ['filter ispresent(a, b)', 'ispresent does not take 2 arguments'],
  ['parse @message "* *" as a', 'the pattern has 2 wildcards and there are 1 names'],
  ['parse @message "*"', 'expected as, found the end of the query'],
  ['parse @message /x(y)/', 'parse needs a named group'],
  ['parse @message /(?<a>y)/ as b', 'expected | or the end of the query, found as'],
  ['stats level by level', 'stats needs an aggregate of level'],
  ['stats 1 by level', '1 is not an aggregate'],
  ['stats sum(avg(a))', 'an aggregate within an aggregate'],
  ['stats count(*) by max(a)', 'an aggregate may stand in stats only'],
  ['stats count(*) by bin(5)', '5 is not a period'],
  ['stats count(*) by bin(5y)', '5y is not a period'],
  ['stats pct(a, b)', 'pct takes a field and a percentage'],
  ['sort a sideways', 'expected | or the end of the query, found sideways'],
  ['limit 0', 'expected a whole number, found 0'],
  ['limit many', 'expected a whole number, found many'],
  ['dedup a | sort a', 'only limit may follow dedup, not sort'],
];

test.each(malformed)('%s', (query, message) => {
  expect(() => parseQuery(query)).toThrow(MalformedQuery);
  expect(() => parseQuery(query)).toThrow(message);
});

test('an error says where in the query it is', () => {
  const query = 'fields a | filter nonsense(b)';
  const failure = caught(() => parseQuery(query));
  expect(failure).toBeInstanceOf(MalformedQuery);
  expect(failure).toMatchObject({ start: query.indexOf('nonsense'), end: query.indexOf('(') });
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
