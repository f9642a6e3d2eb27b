import { expect, test } from 'vitest';
import { compareNaturally } from '../../lab/insights/values.ts';

test('sort has missing values first, then text by runs, then numbers', () => {
  const ascending = [
    undefined,
    '!:',
    '#',
    '*%04',
    '5A',
    '111A',
    '2345_',
    'A',
    'A9876fghj',
    'a12345hfh',
    0,
    '1',
    2,
    '10',
  ];
  const shuffled = [...ascending.slice(7), ...ascending.slice(0, 7).toReversed()];
  expect(shuffled.toSorted(compareNaturally).filter((value) => value !== undefined)).toEqual(ascending.slice(1));
  expect(compareNaturally(undefined, '!')).toBeLessThan(0);
});
