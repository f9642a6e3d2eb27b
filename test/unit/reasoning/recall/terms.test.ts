import { expect, test } from 'vitest';
import { distinctTerms, termsOf } from '../../../../controller/reasoning/recall/terms.ts';

test.each([
  ['postgres.BlockedSessions', ['postgres.blockedsessions', 'postgres', 'blocked', 'sessions']],
  ['shop/db is down.', ['shop/db', 'shop', 'db', 'down']],
  ['HTTPStatus 502 of 17 requests', ['httpstatus', 'http', 'status', 'requests']],
  ['Über_Größe', ['über_größe', 'über', 'größe']],
  ['', []],
])('%j has the terms %j', (text, terms) => {
  expect(termsOf(text)).toEqual(terms);
});

test('a question has each term once, and not without end', () => {
  expect(distinctTerms(['late order', 'order late'])).toEqual(['late', 'order']);
  const many = Array.from({ length: 1000 }, (_, index) => `word${String.fromCodePoint(0x4e00 + index)}`);
  expect(distinctTerms(many)).toHaveLength(120);
});
