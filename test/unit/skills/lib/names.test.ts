import { expect, it } from 'vitest';
import { namesCommit } from '../../../../skills/lib/ecs/names.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';

it.each([
  [sha, true],
  ['0123456', true],
  [`main-20260101-${sha.slice(0, 12)}`, true],
  ['012345', false],
  ['1234567', false],
  ['v1.4.2', false],
  [`f${sha.slice(1)}`, false],
])('the version %s names the commit: %s', (version, wanted) => {
  expect(namesCommit(version, sha)).toBe(wanted);
});
