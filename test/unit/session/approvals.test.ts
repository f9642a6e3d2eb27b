import { describe, expect, test } from 'vitest';
import type { Memory } from '../../../controller/reasoning/reasoner.ts';
import type { Approval } from '../../../controller/api/kinds.ts';
import { approvalFor } from '../../../controller/session/approval-draft.ts';
import { SessionWorld, type SessionWorldOptions } from '../../helpers/session-world.ts';
import { hopeless, shopPolicy, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();

/** Every resize asks a person. */
const asking: SessionWorldOptions = {
  story: smallMemory,
  topology: { policy: { ...shopPolicy, approvals: ['shop.resize'] } },
};

function worldOf(options: Partial<SessionWorldOptions> = {}): SessionWorld {
  return newWorld({ ...asking, ...options });
}

const acts = (world: SessionWorld) => world.outside.effects.filter(({ kind }) => kind === 'act');
const stateOf = (world: SessionWorld, name: string) => world.api.approval(`default/${name}`)?.status?.state;

describe('a plan that waits for a person', () => {
  test('nothing is done before the decision, the act after it', async () => {
    const world = worldOf();
    await world.untilAsked();
    const { name } = world.question.metadata;
    expect(world.status.phase).toBe('AwaitingApproval');
    expect(world.question.spec).toMatchObject({
      gate: 'RiskyAction',
      requester: 'alice',
      actionDigest: world.status.plan?.actionDigest,
      sessionRef: { name: 'broken', uid: world.session.metadata.uid },
    });
    expect(stateOf(world, name)).toBe('Open');
    await world.pass(120);
    expect(acts(world)).toEqual([]);
    world.decide('Approved');
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(stateOf(world, name)).toBe('Consumed');
    expect(world.api.approvals()).toHaveLength(1);
  });

  test('rejected: the reason is in the history, the fix is not proposed again', async () => {
    const world = worldOf();
    await world.untilAsked();
    const { name } = world.question.metadata;
    world.decide('Rejected', { reason: 'not on a Friday' });
    await world.until('iteration 2', () => world.status.iteration === 2);
    expect(world.status.history).toMatchObject([
      { standing: 'NotApplied', result: 'fail - rejected by bob: not on a Friday' },
    ]);
    expect(stateOf(world, name)).toBe('Consumed');
    await world.untilPhase('Escalated', 'Succeeded');
    expect(acts(world)).toEqual([]);
  });

  test('rejected: the next diagnosis is told the reason', async () => {
    const told: Memory[] = [];
    const world = worldOf({
      replace: ({ engines: { causal } }) => ({
        engines: {
          causal: {
            ...causal,
            diagnose: (bundle, memory, limits, signal) => {
              told.push(memory);
              return causal.diagnose(bundle, memory, limits, signal);
            },
          },
        },
      }),
    });
    await world.untilAsked();
    world.decide('Rejected', { reason: 'the pool is what is too small' });
    await world.until('another diagnosis', () => told.length > 1);
    expect(told.at(-1)?.history).toMatchObject([{ result: 'fail - rejected by bob: the pool is what is too small' }]);
    expect(told.at(-1)?.failed).toHaveLength(1);
  });

  test('expired: escalated, and an answer that comes later counts for nothing', async () => {
    const world = worldOf();
    await world.untilAsked();
    const { name } = world.question.metadata;
    await world.untilPhase('Escalated');
    expect(stateOf(world, name)).toBe('Expired');
    expect(world.announced).toContainEqual(expect.objectContaining({ reason: 'ApprovalExpired' }));
    world.api.decide(`default/${name}`, { decision: 'Approved', decidedBy: 'bob' });
    await world.pass(30);
    expect(acts(world)).toEqual([]);
  });

  test('expired between the decision and the act: nothing is done, a person is asked', async () => {
    const world = worldOf();
    await world.untilAsked();
    world.decide('Approved');
    await world.untilPhase('Acting');
    world.clock.skew(3_600_000);
    await world.untilPhase('Escalated');
    expect(acts(world)).toEqual([]);
    expect(world.announced).toContainEqual(expect.objectContaining({ reason: 'ApprovalExpired' }));
  });

  test('deleted: it is looked again and asked again', async () => {
    const world = worldOf();
    await world.untilAsked();
    const { name, uid } = world.question.metadata;
    world.api.deleteApproval(`default/${name}`);
    await world.untilPhase('Sweeping');
    await world.untilAsked();
    expect(world.question.metadata.uid).not.toBe(uid);
    world.decide('Approved');
    await world.untilEnd();
    expect(acts(world)).toHaveLength(1);
  });

  test('an Escalation that is deleted is asked again, once', async () => {
    const world = newWorld({ story: hopeless });
    await world.untilAsked();
    expect(world.question.spec.gate).toBe('Escalation');
    const { name, uid } = world.question.metadata;
    const before = world.announced.length;
    world.api.deleteApproval(`default/${name}`);
    await world.until(
      'another question',
      () => world.status.approvalRef !== undefined && world.status.approvalRef.uid !== uid,
    );
    await world.pass(60);
    expect(world.announced.length - before).toBeLessThan(4);
    world.decide('Rejected', { reason: 'enough' });
    await world.untilEnd();
    expect(world.status.outcome).toBe('Stopped');
  });

  test('who sent the alert that opened the session is no other: his word opens nothing', async () => {
    const world = worldOf({ spec: { trigger: { type: 'Alert', reportedBy: 'bob' } } });
    await world.untilAsked();
    world.decide('Approved');
    await world.pass(60);
    expect(acts(world)).toEqual([]);
  });

  test('an Approval that expires while the world is looked at lets nothing be done', async () => {
    let slow = false;
    const world = worldOf({
      replace: ({ actions }) => ({
        actions: new Map(
          [...actions].map(([id, { action, skill }]) => [
            id,
            {
              skill,
              action: {
                ...action,
                unchanged: async () => {
                  if (slow) world.clock.skew(3_600_000);
                  return true;
                },
              },
            },
          ]),
        ),
      }),
    });
    await world.untilAsked();
    slow = true;
    world.decide('Approved');
    await world.untilPhase('Escalated');
    expect(acts(world)).toEqual([]);
    expect(world.announced).toContainEqual(expect.objectContaining({ reason: 'ApprovalExpired' }));
  });

  test('deleted and made again by somebody else while away: it is another one', async () => {
    const world = worldOf();
    await world.untilAsked();
    const { metadata, spec } = world.question;
    world.life.die();
    world.api.deleteApproval(`default/${metadata.name}`);
    world.api.createApproval(metadata.name, { ...spec, decision: 'Approved', decidedBy: 'mallory' }, {});
    world.restart();
    await world.untilPhase('Sweeping');
    expect(acts(world)).toEqual([]);
  });

  describe('made by hand under its name before it is asked, with the session and the digest that it would have', () => {
    /** Whoever may create Approvals has one ready when the operator asks. */
    function preempted(forged: Partial<Approval['spec']>): SessionWorld {
      const world: SessionWorld = worldOf({
        replace: ({ approvals }) => ({
          approvals: {
            ...approvals,
            open(request, signal) {
              const { spec } = approvalFor(request);
              if (world.api.approval(`default/${request.name}`) === undefined)
                world.api.createApproval(request.name, { ...spec, ...forged }, {});
              return approvals.open(request, signal);
            },
          },
        }),
      });
      return world;
    }

    test.each<[string, Partial<Approval['spec']>]>([
      ['in the name of another requester', { requester: 'nobody' }],
      ['with a harmless summary', { summary: 'Nothing to see' }],
      ['as another risk', { risk: 'High' }],
      ['at another gate', { gate: 'Disagreement' }],
      ['open for ever', { expiresAt: '2099-01-01T00:00:00Z' }],
      ['decided already', { decision: 'Approved', decidedBy: 'bob' }],
    ])('%s: it is not taken for the own one, and decides nothing', async (_, forged) => {
      const world = preempted(forged);
      await world.untilAsked();
      const [theirs] = world.api.approvals();
      expect(world.api.approvals()).toHaveLength(2);
      expect(world.question.metadata.uid).not.toBe(theirs?.metadata.uid);
      expect(world.question.spec).toMatchObject({ requester: 'alice', gate: 'RiskyAction' });
      expect(world.announced).toContainEqual(expect.objectContaining({ type: 'Warning', reason: 'ApprovalNameTaken' }));
      const decision = { decision: 'Approved', decidedBy: 'alice' } as const;
      world.api.decide(`default/${theirs?.metadata.name}`, decision);
      await world.pass(60);
      expect(world.status.phase).toBe('AwaitingApproval');
      expect(acts(world)).toEqual([]);
      world.decide('Approved');
      await world.untilEnd();
      expect(acts(world)).toHaveLength(1);
    });

    test('the same in every field: it is the question, and the rightful decision on it counts', async () => {
      const world = preempted({});
      await world.untilAsked();
      expect(world.api.approvals()).toHaveLength(1);
      world.decide('Approved');
      await world.untilEnd();
      expect(acts(world)).toHaveLength(1);
    });
  });

  test.each([
    ['in the name of another requester', { requester: 'nobody', decidedBy: 'alice' }],
    ['by whoever asked for the session', { decidedBy: 'alice' }],
  ])('decided %s, past all admission: nothing is done', async (_, forged) => {
    const world = worldOf();
    await world.untilAsked();
    world.decide('Approved', forged);
    await world.untilPhase('Sweeping');
    await world.pass(60);
    expect(acts(world)).toEqual([]);
  });

  test.each([
    ['another digest', { actionDigest: '0'.repeat(64) }],
    ['another session', { sessionRef: { name: 'broken', uid: 'another' } }],
  ])('for %s it opens nothing', async (_, forged) => {
    const world = worldOf();
    await world.untilAsked();
    world.decide('Approved', forged);
    await world.untilPhase('Sweeping');
    await world.pass(60);
    expect(acts(world)).toEqual([]);
  });

  test('approved, and then the world changed: it is planned and asked again', async () => {
    const world = worldOf();
    await world.untilAsked();
    const { name } = world.question.metadata;
    world.outside.interfere();
    world.decide('Approved');
    await world.untilPhase('Sweeping');
    await world.untilAsked();
    expect(world.question.metadata.name).not.toBe(name);
    expect(acts(world)).toEqual([]);
    world.decide('Approved');
    await world.untilEnd();
    expect(acts(world)).toHaveLength(1);
  });

  test('a cache that has not seen the question yet does not make it gone', async () => {
    let blind = 3;
    const world = worldOf({
      replace: ({ approvals }) => ({
        approvals: {
          ...approvals,
          cached: (namespace, name) => {
            blind -= 1;
            return blind >= 0 ? undefined : approvals.cached(namespace, name);
          },
        },
      }),
    });
    await world.untilAsked();
    await world.pass(30);
    expect(world.status.phase).toBe('AwaitingApproval');
    expect(world.api.approvals()).toHaveLength(1);
  });

  test('the decision is read from the spec: a forged status opens nothing', async () => {
    const world = worldOf();
    await world.untilAsked();
    world.api.putApprovalStatus({ ...world.question, status: { state: 'Consumed' } });
    await world.pass(60);
    expect(world.status.phase).toBe('AwaitingApproval');
    expect(acts(world)).toEqual([]);
  });

  test('a session with a name as long as names may be gets its question, its branch and its evidence', async () => {
    const world = worldOf({ name: `${'long.name-'.repeat(25)}end` });
    await world.untilAsked();
    expect(world.question.metadata.name).toMatch(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
    expect(world.question.metadata.name.length).toBeLessThanOrEqual(253);
    world.decide('Approved');
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(world.status.pullRequest?.branch?.length).toBeLessThanOrEqual(200);
  });

  test('a person is asked once however often the operator dies', async () => {
    const reference = worldOf();
    await reference.untilAsked();
    for (const { index: hit } of reference.hazard.points) {
      for (const mishap of ['die before', 'die after', 'lose the answer'] as const) {
        const world = new SessionWorld(asking);
        world.hazard.plan = ({ index }) => (index === hit ? mishap : undefined);
        await world.untilAsked();
        await world.pass(20);
        expect(world.api.approvals().filter(({ status }) => status?.state === 'Open')).toHaveLength(1);
        world.decide('Approved');
        await world.untilEnd();
        expect(acts(world)).toHaveLength(1);
      }
    }
  });
});
