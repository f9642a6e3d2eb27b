import { describe, expect, test } from 'vitest';
import { SessionWorld, type SessionWorldOptions } from '../../helpers/session-world.ts';
import { article, hopeless, largeBatch, shopPolicy, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();

function worldOf(options: Partial<SessionWorldOptions> = {}): SessionWorld {
  return newWorld({ story: smallMemory, ...options });
}

const reasons = (world: SessionWorld) => world.announced.map(({ reason }) => reason);
const asking = { policy: { ...shopPolicy, approvals: ['shop.resize'] } };

/** Ideas without end, none of which helps. */
const endless: Partial<SessionWorldOptions> = {
  story: hopeless,
  book: {
    OutOfMemory: Array.from({ length: 40 }, (_, index) => ({
      action: 'shop.set-number',
      node: 'shop/code',
      parameters: { key: `key${index}`, value: index },
      rationale: `idea ${index}`,
    })),
  },
};

describe('the limits of a session', () => {
  test('iterations without progress: escalated at the limit; what is granted comes on top, exactly', async () => {
    const world = worldOf(endless);
    await world.untilAsked();
    expect(world.status).toMatchObject({ phase: 'Escalated', iteration: 5, stalledIterations: 5 });
    expect(reasons(world)).toContain('IterationLimit');
    world.decide('Approved', { grantIterations: 2 });
    await world.untilPhase('Sweeping');
    await world.untilPhase('Escalated');
    expect(world.status).toMatchObject({ iteration: 7, grantedIterations: 2 });
    expect(world.status.history).toHaveLength(7);
  });

  test('all iterations together, where the session says how many', async () => {
    const world = worldOf({ ...endless, spec: { limits: { iterations: 2 } } });
    await world.untilAsked();
    expect(world.status.iteration).toBe(2);
  });

  test('iterations granted in the spec resume it too, and the question is withdrawn', async () => {
    const world = worldOf(endless);
    await world.untilAsked();
    const { name } = world.question.metadata;
    world.change({ grantIterations: 1 });
    await world.untilPhase('Sweeping');
    expect(world.api.approval(`default/${name}`)?.status?.state).toBe('Withdrawn');
    await world.untilPhase('Escalated');
    expect(world.status.iteration).toBe(6);
  });

  test('each escalation leaves its findings in the one draft pull request', async () => {
    const world = worldOf(endless);
    await world.untilAsked();
    const [first] = world.outside.repository.pulls;
    world.decide('Approved');
    await world.untilPhase('Sweeping');
    await world.untilPhase('Escalated');
    await world.untilAsked();
    expect(world.outside.repository.pulls).toHaveLength(1);
    expect(world.outside.repository.pulls[0]?.body).not.toBe(first?.body);
  });

  test('the wall clock: what is unproven is taken back before a person is asked', async () => {
    const world = worldOf({
      spec: { limits: { wallClockSeconds: 10 } },
      topology: { verify: { stabilizationSeconds: 60, maxErrorsPerMillion: 1 } },
    });
    await world.untilAsked();
    expect(reasons(world)).toContain('WallClockLimit');
    expect(world.outside.live.memory).toBe(512);
    expect(world.status.history).toMatchObject([
      { standing: 'RolledBack', result: 'fail - The limit of 10 s is used up' },
    ]);
    expect(world.status.iteration).toBe(1);
  });

  test('the wall clock does not run while a person is asked', async () => {
    const world = worldOf({ topology: asking, spec: { limits: { wallClockSeconds: 60 } } });
    await world.untilAsked();
    await world.pass(500);
    world.decide('Approved');
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(world.status.usage?.waitedSeconds).toBeGreaterThanOrEqual(500);
  });

  test('who lets a session go on after its time gives it that time again', async () => {
    const world = worldOf({ spec: { limits: { wallClockSeconds: 25 } } });
    await world.untilPhase('Sweeping');
    world.outside.toolFault = () => 'never';
    await world.untilAsked();
    expect(world.status.phase).toBe('Escalated');
    world.outside.toolFault = () => undefined;
    world.decide('Approved');
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });

  test('escalated before anything was seen: there is no report, and the question is asked all the same', async () => {
    const world = worldOf({ spec: { limits: { wallClockSeconds: 10 } } });
    world.outside.toolFault = () => 'never';
    await world.untilAsked();
    expect(world.outside.effects).toEqual([]);
    expect(world.question.spec.gate).toBe('Escalation');
  });

  test('tool calls: counted over deaths and refused writes, and the end is orderly', async () => {
    const reference = worldOf({ story: largeBatch });
    await reference.untilEnd();
    const needed = reference.status.usage?.toolCalls ?? 0;
    for (const toolCalls of [3, 6, 12, Math.floor(needed / 2)]) {
      const world = worldOf({ story: largeBatch, spec: { limits: { toolCalls } } });
      await world.untilAsked();
      expect(world.status.phase).toBe('Escalated');
      expect(reasons(world)).toContain('ToolCallLimit');
      expect(world.outside.live.memory).toBe(512);
      expect(world.locks.size).toBe(0);
    }
  });

  test.each([
    ['a fix that helps', smallMemory],
    ['a fix that does not', largeBatch],
  ])('tool calls: wherever they are used up, a person is asked about a world at rest: %s', async (_, story) => {
    const reference = worldOf({ story });
    await reference.untilEnd();
    const needed = reference.status.usage?.toolCalls ?? 0;
    expect(needed).toBeGreaterThan(10);
    for (let toolCalls = 1; toolCalls < needed; toolCalls += 1) {
      const world = worldOf({ story, spec: { limits: { toolCalls } } });
      await world.until('a question or the end', () => ['Escalated', 'Succeeded'].includes(world.status.phase ?? ''));
      const open = (world.status.intents ?? []).filter(({ state }) => state === 'Pending');
      expect([toolCalls, open]).toEqual([toolCalls, []]);
      const live = world.outside.live.memory > 512;
      expect([toolCalls, live]).toEqual([toolCalls, (world.status.history ?? []).at(-1)?.standing === 'Kept']);
    }
  });

  test('no call is lost from the count when a write of the status is refused', async () => {
    const reference = worldOf();
    await reference.untilEnd();
    for (const { index: hit, to } of reference.hazard.points) {
      if (to === 'outside') continue;
      const world = new SessionWorld({ story: smallMemory });
      world.hazard.plan = ({ index }) => (index === hit ? 'refuse as stale' : undefined);
      await world.untilEnd();
      expect(world.status.usage?.toolCalls).toBeGreaterThanOrEqual(reference.status.usage?.toolCalls ?? 0);
    }
  });

  test('outside writes: no act beyond them, and taking back is not one that is refused', async () => {
    const none = worldOf({ spec: { limits: { writes: 0 } } });
    await none.untilAsked();
    expect(none.outside.effects.filter(({ kind }) => kind === 'act')).toEqual([]);
    expect(reasons(none)).toContain('WriteLimit');
    const one = worldOf({ story: largeBatch, spec: { limits: { writes: 1 } } });
    await one.untilAsked();
    expect(one.outside.effects.filter(({ kind }) => kind === 'act').map(({ what }) => what)).toEqual([
      'resize 512 to 1024',
      'resize 1024 to 512',
    ]);
  });

  test('the history keeps its head and tail, and what failed long ago is not tried again', async () => {
    const world = worldOf({
      ...endless,
      topology: { policy: { ...shopPolicy, maxIterations: 20 } },
      spec: { limits: { iterations: 20 } },
    });
    await world.untilAsked();
    world.decide('Approved', { grantIterations: 20 });
    await world.untilPhase('Sweeping');
    await world.untilAsked();
    const signatures = world.announced.filter(({ reason }) => reason === 'Planned').map(({ message }) => message);
    expect(new Set(signatures).size).toBe(signatures.length);
    expect(world.status.history?.[0]?.iteration).toBe(1);
    expect(world.status.history?.length).toBeLessThanOrEqual(40);
  });

  test("the article's three iterations stay well within the status", async () => {
    const world = worldOf({ story: article });
    await world.untilEnd();
    expect(JSON.stringify(world.status).length).toBeLessThan(16_384);
  });
});
