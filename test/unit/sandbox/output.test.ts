import { expect, it } from 'vitest';
import { BoundedOutput } from '../../../controller/sandbox/output.ts';

it('keeps a short output whole', () => {
  const output = new BoundedOutput();
  output.add(Buffer.from('one '));
  output.add(Buffer.from('two'));
  expect(output.text()).toBe('one two');
  expect(output.truncatedBytes).toBe(0);
});

it('keeps the beginning and the end of a long one, and says how much is missing', () => {
  const output = new BoundedOutput();
  output.add(Buffer.from(`first${'x'.repeat(100_000)}`));
  for (let index = 0; index < 100; index++) output.add(Buffer.from('y'.repeat(1_000)));
  output.add(Buffer.from('last'));
  expect(output.truncatedBytes).toBe(5 + 100_000 + 100_000 + 4 - 64 * 1024);
  expect(output.text()).toMatch(/^first[x]+\n\[\.\.\. \d+ bytes left out \.\.\.\]\n[y]+last$/);
  expect(output.text().length).toBeLessThan(66_000);
});
