import { describe, expect, test } from 'vitest';
import { SessionWorld } from '../../helpers/session-world.ts';
import type { Mishap, WritePoint } from '../../helpers/session/hazard.ts';
import type { Story } from '../../helpers/session/outside.ts';
import { article, hopeless, largeBatch, smallMemory } from '../../helpers/session/shop.ts';

const mishaps: readonly NonNullable<Mishap>[] = [
  'die before',
  'die after',
  'lose the answer',
  'lose the request',
  'refuse as stale',
];

/** Only the API server compares versions. */
function befalls(mishap: Mishap, { to }: WritePoint): boolean {
  return mishap !== 'refuse as stale' || to === 'api';
}

/** What must be the same however often the operator dies: the end, the story it tells, and what was done outside, each once. */
function endOf(world: SessionWorld) {
  const { outcome, phase, history = [], intents = [], iteration } = world.status;
  return {
    outcome,
    phase,
    iteration,
    history: history.map(({ result, standing, signature, gha }) => ({ result, standing, signature, gha })),
    intents: intents.map(({ kind, state, iteration: of }) => ({ kind, state, of })),
    effects: world.outside.effects.map(({ kind, what }) => `${kind} ${what.replace(/ [0-9a-f]{40}$/, '')}`),
    branches: [...world.outside.repository.branches.keys()],
    commits: world.outside.repository.ahead(world.outside.repository.pulls[0]?.head ?? 'main').length,
    pulls: world.outside.repository.pulls.map(({ title, draft }) => ({ title, draft })),
    live: world.outside.live.memory,
    locks: [...world.locks.keys()],
    violations: world.api.violations,
  };
}

async function run(story: Story, world: SessionWorld): Promise<void> {
  if (story !== hopeless) return world.untilEnd();
  await world.untilAsked();
  world.decide('Rejected', { reason: 'enough' });
  await world.untilEnd();
}

const stories: readonly (readonly [string, Story, readonly NonNullable<Mishap>[]])[] = [
  ['small memory', smallMemory, mishaps],
  ['an infra fix that improves nothing, then a code fix', largeBatch, ['die after', 'lose the answer']],
  ["the article's three iterations", article, ['die before']],
  ['nothing helps, and a person stops it', hopeless, ['die after']],
];

describe.each(stories)('%s', (_, story, befalling) => {
  test.each(befalling)('ends the same when it has to %s, at any of its writes', async (mishap) => {
    const reference = new SessionWorld({ story });
    await run(story, reference);
    const expected = endOf(reference);
    expect(expected).toMatchObject({ locks: [], violations: [] });
    const points = reference.hazard.points.filter((point) => befalls(mishap, point));
    expect(points.length).toBeGreaterThan(15);
    const wrong: object[] = [];
    for (const { index: hit, what } of points) {
      const world = new SessionWorld({ story });
      world.hazard.plan = ({ index }) => (index === hit ? mishap : undefined);
      try {
        await run(story, world);
        expect(endOf(world)).toEqual(expected);
        expect(world.lives).toBe(mishap.startsWith('die') ? 2 : 1);
      } catch (error) {
        wrong.push({ what, error: String(error) });
      }
    }
    expect(wrong).toEqual([]);
  });
});
