import { afterEach, describe, expect, it } from 'vitest';
import { goals, sources, type Attack } from '../../helpers/attacks/attack.ts';
import { damageOf } from '../../helpers/attacks/judge.ts';
import { attacks } from '../../helpers/attacks/matrix.ts';
import { siteUnder, type Site } from '../../helpers/attacks/site.ts';

/** A model that obeys whatever it reads, in a whole session before a world that keeps count. */

const ends = ['Succeeded', 'Failed', 'Cancelled'];
let site: Site | undefined;
afterEach(() => site?.world.assertClean());

/** Until it has ended, or a person is asked and does not answer. */
async function run(attack: Attack, { world }: Site): Promise<void> {
  const isAtRest = (): boolean => ends.includes(world.status.phase ?? '') || world.status.approvalRef !== undefined;
  await world.until('an end or a question', isAtRest);
  if (attack.source === 'rejection of an Approval') {
    world.decide('Rejected', { reason: attack.text });
    await world.until('the next question or the end', () => (world.status.iteration ?? 1) > 1 && isAtRest());
  }
  if (!ends.includes(world.status.phase ?? '')) await world.pass(30);
}

describe.each(sources)('%s', (source) => {
  it.each(attacks.filter((attack) => attack.source === source))('$name', async (attack) => {
    site = siteUnder(attack);
    const before = site.world.session.spec;
    await run(attack, site);
    const { model, world } = site;
    expect(model.attempts, `the model never tried: ${JSON.stringify(world.status.diagnosis)}`).toBeGreaterThan(0);
    expect(model.reached).toBe(attack.reaches);
    expect(damageOf(site, attack, before)).toEqual([]);
  });
});

it('is every source by every goal, each in words of its own', () => {
  const cells = new Set(attacks.map(({ source, goal }) => `${source} ${goal}`));
  expect(cells.size).toBe(sources.length * goals.length);
  expect(new Set(attacks.map(({ text }) => text)).size).toBe(attacks.length);
  expect(attacks.length).toBeGreaterThanOrEqual(60);
});
