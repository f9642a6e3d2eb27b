import { describe, expect, test } from 'vitest';
import type { SessionCheck } from '../../../controller/session/dependencies.ts';
import type { CheckResult } from '../../../skills/skill.ts';
import type { SessionWorldOptions } from '../../helpers/session-world.ts';
import type { Outside } from '../../helpers/session/outside.ts';
import { compute } from '../../helpers/session/skills.ts';
import { article, book, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();

/** A world whose load test says what the test wants, run by run. */
function worldOf(load: (run: number) => CheckResult['verdict'], options: Partial<SessionWorldOptions> = {}) {
  let runs = 0;
  const check: SessionCheck = {
    skill: compute,
    check: {
      name: 'load test',
      async run({ node }) {
        runs += 1;
        const verdict = load(runs);
        return { name: 'load test', node: node.id, verdict, summary: `the load test says ${verdict}` };
      },
    },
  };
  return newWorld({ story: smallMemory, replace: () => ({ sessionChecks: [check] }), ...options });
}

describe('a verification', () => {
  test('that could not tell is no pass; when nothing is wrong any more the same fix is verified again', async () => {
    const world = worldOf((run) => (run === 1 ? 'Inconclusive' : 'Pass'));
    await world.untilEnd();
    expect(world.status).toMatchObject({ phase: 'Succeeded', outcome: 'Fixed', iteration: 2 });
    expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toHaveLength(1);
    expect(world.status.history).toMatchObject([
      { standing: 'Kept', result: 'fail - inconclusive: load test: the load test says Inconclusive' },
      { standing: 'Kept', result: 'pass', diagnosis: 'nothing is wrong any more' },
    ]);
    expect(world.outside.repository.filesAt(world.status.pullRequest?.branch ?? '')['deploy/task.json']).toBe(
      '{"memory":1024}',
    );
  });

  test('that never can tell ends within the limit of iterations without progress', async () => {
    const world = worldOf(() => 'Inconclusive');
    await world.untilAsked();
    expect(world.status.phase).toBe('Escalated');
    expect(world.status.iteration).toBeLessThanOrEqual(7);
  });

  test('that fails in a neighbour: the partial fix stays', async () => {
    const world = worldOf(() => 'Pass', { story: article, book: { OutOfMemory: book['OutOfMemory'] ?? [] } });
    await world.untilAsked();
    expect(world.status.history?.[0]).toMatchObject({ standing: 'Kept', result: expect.stringContaining('new error') });
  });

  test('is not passed without the load test where something of old stays and no prediction failed', async () => {
    const ofOld = { node: 'compute', reason: 'Odd', severity: 'Warning' } as const;
    const ills = (outside: Outside) => [...smallMemory.ills(outside), ofOld];
    const world = worldOf((run) => (run === 1 ? 'Fail' : 'Pass'), { story: { ...smallMemory, ills } });
    await world.until(
      'an end of iteration 1',
      () => world.status.iteration === 2 || world.status.outcome !== undefined,
    );
    expect(world.status.history?.[0]?.result).toContain('the load test says Fail');
  });

  test('a diagnosis without a prediction never counts as improved', async () => {
    const world = worldOf(() => 'Fail', {
      replace: ({ engines: { causal } }) => ({
        engines: {
          causal: {
            engine: causal.engine,
            diagnose: async (...given) => ({ ...(await causal.diagnose(...given)), predictions: [] }),
          },
        },
        sessionChecks: [],
      }),
      story: {
        ...smallMemory,
        ills: ({ live }) => [{ node: 'compute', reason: live.memory < 1024 ? 'OutOfMemory' : 'Slow' }],
      },
    });
    await world.until('an end of iteration 1', () => world.status.iteration === 2);
    expect(world.status.history?.[0]).toMatchObject({ standing: 'RolledBack' });
  });

  test('survives a death at every write when it has to be done again', async () => {
    const reference = worldOf((run) => (run === 1 ? 'Inconclusive' : 'Pass'));
    await reference.untilEnd();
    for (const { index: hit } of reference.hazard.points.slice(10)) {
      const world = worldOf((run) => (run === 1 ? 'Inconclusive' : 'Pass'));
      world.hazard.plan = ({ index }) => (index === hit ? 'die after' : undefined);
      await world.untilEnd();
      expect(world.status.outcome).toBe('Fixed');
      expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toHaveLength(1);
    }
  });
});
