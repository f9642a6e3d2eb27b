import { expect, test } from 'vitest';
import { outOfMemory, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const worldOf = cleanWorlds();
const environment = { MAIL_URL: 'https://mail.partner.io:587', DB_URL: 'postgres://db/shop' };

test('who is called and on no map is in the sweep, and the session ends as it would without', async () => {
  const ends = async (told: object) => {
    const ill = { ...outOfMemory, ...told };
    const world = worldOf({ story: { ...smallMemory, ills: ({ live }) => (live.memory < 1024 ? [ill] : []) } });
    await world.until('a sweep', () => world.status.sweep?.bundleDigest !== undefined);
    const { undeclared } = world.status.sweep ?? {};
    await world.untilEnd();
    const { outcome, iteration, diagnosis } = world.status;
    const [pull] = world.outside.repository.pulls;
    return { undeclared, report: pull?.body ?? '', end: { outcome, iteration, cause: diagnosis?.rootCause } };
  };
  const [without, drifting] = [await ends({}), await ends({ environment })];
  expect(without.undeclared).toBeUndefined();
  expect(drifting.undeclared).toEqual([
    {
      node: 'shop/compute',
      name: 'mail.partner.io:587',
      role: 'Called',
      summary: 'shop is configured to call mail.partner.io:587 (MAIL_URL), which is on no map',
    },
  ]);
  expect(drifting.end).toEqual(without.end);
  expect(drifting.end).toMatchObject({ outcome: 'Fixed', iteration: 1 });
  expect(without.report).not.toContain('not on the map');
  expect(drifting.report).toContain('## What is not on the map');
  expect(drifting.report).toContain('shop is configured to call mail.partner.io:587');
});
