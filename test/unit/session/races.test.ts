import { describe, expect, test } from 'vitest';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import { Conflict, Invalid } from '../../../controller/kube/errors.ts';
import type { Dependencies } from '../../../controller/session/dependencies.ts';
import { reconcileSession } from '../../../controller/session/reconcile.ts';
import { settle } from '../../helpers/fake-clock.ts';
import { SessionWorld } from '../../helpers/session-world.ts';
import { article, largeBatch, smallMemory } from '../../helpers/session/shop.ts';

const signal = new AbortController().signal;

/** Reconciles from one reading of the session, as a cache that has stopped gives it. */
async function reconcileStale(session: DebugSession, deps: Dependencies, times: number): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (let left = times; left > 0; left -= 1) {
    await reconcileSession(session, deps, signal).catch((error: unknown) => errors.push(error));
    for (let turns = 0; turns < 5; turns += 1) await settle();
  }
  return errors;
}

describe('who comes late', () => {
  test('a storm of conflicts ends in the same end', async () => {
    const world = new SessionWorld({ story: largeBatch });
    const refused = new Map<string, number>();
    world.hazard.plan = ({ to, what }) => {
      const times = refused.get(what) ?? 0;
      if (to !== 'api' || times >= 4) return undefined;
      refused.set(what, times + 1);
      return 'refuse as stale';
    };
    await world.untilEnd();
    expect(refused.size).toBeGreaterThan(15);
    expect(world.status.outcome).toBe('Fixed');
    expect(world.outside.effects.map(({ kind }) => kind)).toEqual(['act', 'act', 'push', 'pull request']);
    expect(world.outside.repository.pulls).toHaveLength(1);
  });

  test('a cache that stands still anywhere in a session does nothing outside and changes nothing', async () => {
    const world = new SessionWorld({ story: article });
    await world.untilEnd();
    const { effects } = world.outside;
    const done = effects.length;
    const end = world.session;
    for (const old of world.api.written.slice(0, -1)) {
      const errors = await reconcileStale(old, world.secondOperator(), 4);
      expect(errors.filter((error) => !(error instanceof Conflict))).toEqual([]);
    }
    expect(effects.length).toBe(done);
    expect(world.session).toEqual(end);
  });

  test('two leaders: the one that was paused before it wrote its intent down gets a conflict and does not act', async () => {
    const world = new SessionWorld({ story: smallMemory });
    const paused = Promise.withResolvers<void>();
    let waiting = false;
    const writeStatus = world.deps.sessions.writeStatus.bind(world.deps.sessions);
    const intends = ({ status }: DebugSession) => status?.intents?.some(({ state }) => state === 'Pending') === true;
    Object.assign(world.deps.sessions, {
      async writeStatus(session: DebugSession, aborted: AbortSignal) {
        if (intends(session)) {
          waiting = true;
          await paused.promise;
        }
        return writeStatus(session, aborted);
      },
    });
    await world.until('the pause', () => waiting);
    const first = world.deps;
    world.deps = world.secondOperator();
    await world.untilPhase('Verifying');
    paused.resolve();
    await settle();
    const errors = await reconcileStale(world.session, first, 1);
    expect(errors).toEqual([]);
    expect(world.outside.effects).toEqual([{ kind: 'act', what: 'resize 512 to 1024' }]);
    await world.untilEnd();
    expect(world.status.intents?.filter(({ kind }) => kind === 'Act')).toHaveLength(1);
  });

  test('a leader that finds out between writing its intent down and acting that it leads no more leaves the act to the next', async () => {
    const world = new SessionWorld({
      story: smallMemory,
      replace: ({ leading }) => ({ leading: () => leads() && leading() }),
    });
    let asked = 0;
    const leads = (): boolean => {
      asked += 1;
      return asked !== 2;
    };
    await world.untilStalled('ActRefused');
    expect(world.outside.effects).toEqual([]);
    expect(world.status.intents).toMatchObject([{ state: 'Pending' }]);
    world.restart();
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toHaveLength(1);
  });

  test('a status that the API server never takes is said in a condition, and not tried for ever in silence', async () => {
    const world = new SessionWorld({
      story: smallMemory,
      replace: ({ sessions }) => ({
        sessions: {
          ...sessions,
          async writeStatus(session, aborted) {
            if (session.status?.phase === 'Planning')
              throw new Invalid('status.diagnosis is wrong', { status: 422, reason: 'Invalid' });
            return sessions.writeStatus(session, aborted);
          },
        },
      }),
    });
    await world.untilStalled('StatusRefused');
    expect(world.condition('Stalled')?.message).toContain('status.diagnosis is wrong');
    const writes = world.hazard.points.length;
    await world.pass(60);
    expect(world.hazard.points.length - writes).toBeLessThan(10);
  });
});
