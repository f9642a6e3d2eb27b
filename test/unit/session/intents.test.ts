import { describe, expect, test } from 'vitest';
import { ToolTimeout, ToolUnavailable } from '../../../controller/mcp/errors.ts';
import type { SessionWorld, SessionWorldOptions } from '../../helpers/session-world.ts';
import { toolFailed } from '../../helpers/session/outside.ts';
import { book, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();

function worldOf(options: Partial<SessionWorldOptions> = {}): SessionWorld {
  return newWorld({ story: smallMemory, ...options });
}

const restarting: Partial<SessionWorldOptions> = {
  book: { OutOfMemory: [{ action: 'shop.restart', node: 'shop/compute', parameters: {}, rationale: 'restart it' }] },
};

describe('one outside write', () => {
  test('a tool that cannot be reached is tried again, and the fix is not counted as failed', async () => {
    const world = worldOf();
    let refusals = 3;
    world.outside.toolFault = (tool) => {
      if (tool !== 'resize' || refusals === 0) return undefined;
      refusals -= 1;
      return new ToolUnavailable({ server: 'shop', tool }, 'the server is away');
    };
    await world.untilStalled('ActRefused');
    expect(world.condition('Stalled')?.message).toContain('the server is away');
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', iteration: 1 });
    expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toHaveLength(1);
  });

  test('a stop waits for it, and what has ended is written down by the reconciliation that follows', async () => {
    const asked = Promise.withResolvers<undefined>();
    let asks = 0;
    const refusal = (): Promise<undefined> => {
      asks += 1;
      return asked.promise;
    };
    const world = worldOf({ replace: () => ({ policies: { refusal } }) });
    await world.until('the write to be under way', () => asks > 0);
    const drained = world.deps.runner.drain();
    expect(world.outside.effects).toEqual([]);
    asked.resolve(undefined);
    await drained;
    expect(world.outside.effects.map(({ kind }) => kind)).toEqual(['act']);
    await world.until('its record', () => world.status.intents?.[0]?.state === 'Succeeded');
    expect(world.lives).toBe(1);
  });

  test('one that stays away fails the iteration in the end', async () => {
    const world = worldOf({ book: { OutOfMemory: book['OutOfMemory']?.slice(0, 1) ?? [] } });
    world.outside.toolFault = (tool) =>
      tool === 'resize' ? new ToolTimeout({ server: 'shop', tool }, 'no answer', { outcome: 'Unknown' }) : undefined;
    await world.untilPhase('Escalated');
    expect(world.status.history).toMatchObject([
      { standing: 'NotApplied', result: expect.stringContaining('no answer') },
    ]);
    expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toEqual([]);
    // Tried about every two seconds for the thirty that a rollout may take; each look is a write and nothing else is.
    expect(world.status.usage?.toolCalls).toBeLessThan(80);
    expect(world.api.written.length).toBeLessThan(40);
  });

  test('what the system refuses has failed at once', async () => {
    const world = worldOf();
    world.outside.toolFault = (tool) => (tool === 'resize' ? toolFailed(tool, 'no such service') : undefined);
    await world.untilPhase('Escalated', 'Succeeded');
    expect(world.status.intents?.filter(({ kind }) => kind === 'Act')).toMatchObject([{ state: 'Failed' }]);
  });

  test('what changed since the plan was made is planned again, not done', async () => {
    const world = worldOf();
    await world.untilPhase('Acting');
    world.outside.interfere();
    await world.untilPhase('Sweeping');
    expect(world.announced.at(-1)).toMatchObject({ reason: 'PlanOutdated' });
    expect(world.status.history).toEqual([]);
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', iteration: 1 });
    expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toHaveLength(1);
  });

  test('what is gated by its kind waits for a person, though the map asks for none, and is not done against their word', async () => {
    const fix = { action: 'shop.migrate', node: 'shop/compute', parameters: {}, rationale: 'migrate it' };
    const world = worldOf({ book: { OutOfMemory: [fix] } });
    await world.untilAsked();
    expect(world.question.spec).toMatchObject({ gate: 'SchemaChange', risk: 'High' });
    world.decide('Rejected');
    await world.untilPhase('Escalated');
    expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toEqual([]);
  });

  test('what nothing makes recognisable waits for a person, and is never done blindly a second time', async () => {
    const world = worldOf(restarting);
    await world.untilAsked();
    expect(world.question.spec.gate).toBe('RiskyAction');
    world.hazard.plan = ({ what }) => (what === 'restart' ? 'die after' : undefined);
    world.decide('Approved');
    await world.untilStalled('OutcomeUnknown');
    expect(world.lives).toBe(2);
    await world.pass(120);
    world.restart();
    await world.pass(120);
    expect(world.outside.effects).toEqual([{ kind: 'act', what: 'restart' }]);
    expect(world.condition('Stalled')).toMatchObject({ reason: 'OutcomeUnknown' });
    expect(world.status.phase).toBe('Acting');
  });

  test('while the admission policies do not bite nothing is done, and it goes on when they do', async () => {
    let refusal: string | undefined = 'the admission policy is missing';
    const world = worldOf({ replace: () => ({ policies: { refusal: () => Promise.resolve(refusal) } }) });
    await world.untilStalled('ActRefused');
    await world.pass(60);
    expect(world.outside.effects).toEqual([]);
    refusal = undefined;
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });

  test('who does not lead does nothing', async () => {
    let leading = false;
    const world = worldOf({ replace: () => ({ leading: () => leading }) });
    await world.untilStalled('ActRefused');
    expect(world.outside.effects).toEqual([]);
    leading = true;
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });
});
