import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contextPage, file } from '../../../scripts/context-table.ts';

test('the make-up of a prompt in docs/context.md is the one of today: npm run generate', () => {
  const page = readFileSync(file, 'utf8');
  expect(page).toBe(contextPage(page));
  expect(page).toMatch(/\| findings \| [\d,]+ \| \d+% \|/);
});
