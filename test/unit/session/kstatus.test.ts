import { expect, test } from 'vitest';
import type { Phase } from '../../../controller/api/kinds.ts';
import { hasEnded } from '../../../controller/session/transition.ts';
import { kstatusOf, type KStatus } from '../../helpers/kstatus.ts';
import type { SessionWorld, SessionWorldOptions } from '../../helpers/session-world.ts';
import { hopeless, shopPolicy, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const worldOf = cleanWorlds();
const asking = { topology: { policy: { ...shopPolicy, approvals: ['shop.resize'] } } };

const lives: readonly (readonly [string, SessionWorldOptions, (world: SessionWorld) => Promise<unknown>])[] = [
  [
    'a fix that a person approves',
    { story: smallMemory, ...asking },
    async (world) => {
      await world.untilAsked();
      world.decide('Approved');
      await world.untilEnd();
    },
  ],
  ['nothing left to try', { story: hopeless }, (world) => world.untilPhase('Escalated')],
  [
    'a person who calls it off',
    { story: smallMemory, ...asking },
    async (world) => {
      await world.untilAsked();
      world.change({ cancel: true });
      await world.untilEnd();
    },
  ],
];

/** What a phase is read as while nothing holds the session up. */
const asRead = (phase: Phase | undefined): KStatus => {
  if (phase === 'Succeeded') return 'Current';
  return phase === 'Escalated' || hasEnded(phase) ? 'Failed' : 'InProgress';
};

test.each(lives)('every status of a session is read by kstatus as what it is: %s', async (_, options, live) => {
  const world = worldOf(options);
  await live(world);
  const written = world.api.written.filter(({ status }) => status?.conditions !== undefined);
  expect(written.length).toBeGreaterThan(5);
  for (const session of written) {
    const stalled = session.status?.conditions?.some(({ type }) => type === 'Stalled') === true;
    const { phase } = session.status ?? {};
    expect(kstatusOf(session), `${phase}`).toBe(stalled ? 'Failed' : asRead(phase));
    expect(stalled, `${phase}`).toBe(asRead(phase) === 'Failed');
  }
});

test('all phases were among them', async () => {
  const seen = new Set<Phase | undefined>();
  for (const [, options, live] of lives) {
    const world = worldOf(options);
    await live(world);
    for (const { status } of world.api.written) seen.add(status?.phase);
  }
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'Sweeping',
      'Diagnosing',
      'Planning',
      'AwaitingApproval',
      'Acting',
      'Verifying',
      'Reporting',
      'Escalated',
      'Succeeded',
      'Cancelled',
    ]),
  );
});

test('what is written to one that has ended is seen: it does not come to be in progress for ever', async () => {
  const world = worldOf({ story: smallMemory });
  await world.untilEnd();
  expect(kstatusOf(world.session)).toBe('Current');
  world.change({ suspend: true });
  expect(kstatusOf(world.session)).toBe('InProgress');
  await world.until('the generation to be seen', () => kstatusOf(world.session) === 'Current');
  expect(world.status).toMatchObject({ phase: 'Succeeded', observedGeneration: world.session.metadata.generation });
});
