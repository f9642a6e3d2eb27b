import { expect, it } from 'vitest';
import { Recent } from '../../../controller/session/stores/recent.ts';

const text = (name: string): string => JSON.stringify({ name, inner: { list: [1] } });
const size = text('a').length;

it('keeps what fits, and drops what was used longest ago', () => {
  const recent = new Recent(2 * size);
  for (const name of ['a', 'b']) recent.keep(name, text(name));
  expect(recent.get('a')).toEqual({ name: 'a', inner: { list: [1] } });
  recent.keep('c', text('c'));
  expect(['a', 'b', 'c'].filter((name) => recent.get(name) !== undefined)).toEqual(['a', 'c']);
});

it('counts what is kept again once', () => {
  const recent = new Recent(2 * size);
  for (const name of ['a', 'b', 'b', 'b']) recent.keep(name, text(name));
  expect(recent.get('a')).toBeDefined();
});

it('keeps the latest even when it is larger than the budget', () => {
  const recent = new Recent(1);
  expect(recent.keep('a', text('a'))).toBe(recent.get('a'));
  recent.keep('b', text('b'));
  expect([recent.get('a'), recent.get('b')]).toEqual([undefined, { name: 'b', inner: { list: [1] } }]);
});

it('gives out what nobody can change', () => {
  const recent = new Recent(size);
  const kept = recent.keep('a', text('a')) as { inner: { list: number[] } };
  expect(() => kept.inner.list.push(2)).toThrow(TypeError);
});
