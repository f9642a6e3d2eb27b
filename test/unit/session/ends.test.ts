import { describe, expect, test } from 'vitest';
import {
  article,
  healthy,
  hopeless,
  largeBatch,
  outOfMemory,
  redPipeline,
  smallMemory,
} from '../../helpers/session/shop.ts';
import { toolFailed } from '../../helpers/session/outside.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const worldOf = cleanWorlds();

describe('the ends of a session', () => {
  test('an infra fix that helps: the pull request carries the changed definition', async () => {
    const world = worldOf({ story: smallMemory });
    await world.untilEnd();
    expect(world.status).toMatchObject({ phase: 'Succeeded', outcome: 'Fixed', iteration: 1 });
    expect(world.condition('Ready')).toMatchObject({ status: 'True', reason: 'Fixed' });
    expect(world.outside.effects.map(({ kind }) => kind)).toEqual(['act', 'push', 'pull request']);
    const branch = world.status.pullRequest?.branch ?? '';
    expect(world.outside.repository.filesAt(branch)['deploy/task.json']).toBe('{"memory":1024}');
    expect(world.outside.repository.branches.get('main')).toBe(world.outside.repository.main);
    expect(world.locks.size).toBe(0);
  });

  test('mode Diagnose ends with the cause and touches nothing', async () => {
    const world = worldOf({ story: smallMemory, spec: { mode: 'Diagnose' } });
    await world.untilEnd();
    expect(world.status.outcome).toBe('Diagnosed');
    expect(world.status.diagnosis?.rootCause).toMatchObject({ node: 'shop/compute', kind: 'shop.OutOfMemory' });
    expect(world.status.plan).toBeUndefined();
    expect(world.outside.effects).toEqual([]);
  });

  test('mode Propose ends with a plan and touches nothing', async () => {
    const world = worldOf({ story: smallMemory, spec: { mode: 'Propose' } });
    await world.untilEnd();
    expect(world.status.outcome).toBe('Proposed');
    expect(world.status.plan).toMatchObject({ action: 'shop.resize', diff: '-memory: 512\n+memory: 1024' });
    expect(world.outside.effects).toEqual([]);
  });

  test('nothing wrong is NoFaultFound, and touches nothing', async () => {
    const world = worldOf({ story: healthy });
    await world.untilEnd();
    expect(world.status).toMatchObject({ phase: 'Succeeded', outcome: 'NoFaultFound' });
    expect(world.outside.effects).toEqual([]);
  });

  test('what shows only later is found: nobody is told that all is well after one look', async () => {
    let shows = false;
    const world = worldOf({ story: { ...smallMemory, ills: (outside) => (shows ? smallMemory.ills(outside) : []) } });
    await world.until('a wait', () => world.condition('Reconciling')?.reason === 'LookingAgain');
    shows = true;
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', iteration: 1 });
    const looks = world.announced.filter(({ reason }) => reason === 'Swept');
    expect(looks).toHaveLength(2);
  });

  test('what the first look saw is not taken for nothing when the second one does not see it', async () => {
    let shows = true;
    const story = { ...hopeless, ills: () => (shows ? [{ ...outOfMemory, reason: 'Odd' }] : []) };
    const world = worldOf({ story });
    await world.until('a wait', () => world.condition('Reconciling')?.reason === 'LookingAgain');
    expect(world.status.diagnosis?.rootCause).toMatchObject({ node: 'shop/compute' });
    shows = false;
    await world.untilAsked();
    expect(world.status).toMatchObject({ phase: 'Escalated', diagnosis: { rootCause: { node: 'shop/compute' } } });
    expect(world.announced.map(({ reason }) => reason)).toContain('CameAndWent');
  });

  test('there is no second look where the cause is sure, and no third one', async () => {
    const policy = { maxIterations: 5, actions: [], reportPath: 'docs/' };
    const looks = async (story: typeof healthy) => {
      const world = worldOf({ story, topology: { policy } });
      await world.until('an end', () => world.status.outcome !== undefined || world.status.approvalRef !== undefined);
      return world.announced.filter(({ reason }) => reason === 'Swept').length;
    };
    expect(await looks(smallMemory)).toBe(1);
    expect(await looks(healthy)).toBe(2);
  });

  test('nothing wrong, but a node could not be seen: Inconclusive, which is no success', async () => {
    const world = worldOf({ story: healthy });
    world.outside.toolFault = (_, { node }) => (node === 'db' ? toolFailed('look', 'no route to host') : undefined);
    await world.untilEnd();
    expect(world.status).toMatchObject({ phase: 'Failed', outcome: 'Inconclusive' });
    expect(world.condition('Stalled')).toMatchObject({ status: 'True', reason: 'Inconclusive' });
    expect(world.status.sweep?.nodes?.find(({ node }) => node === 'shop/db')).toMatchObject({ health: 'Unknown' });
  });

  test('an infra fix that improves nothing is taken back and never tried again', async () => {
    const world = worldOf({ story: largeBatch });
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    const kinds = world.outside.effects.map(({ what }) => what.replace(/ [0-9a-f]{40}$/, ''));
    expect(kinds.slice(0, 2)).toEqual(['resize 512 to 1024', 'resize 1024 to 512']);
    expect(world.outside.live.memory).toBe(512);
    expect(world.status.history).toMatchObject([
      { iteration: 1, standing: 'RolledBack', result: 'fail - still: tasks die with exit code 137' },
      { iteration: 2, standing: 'Kept', result: 'pass', gha: 'pass' },
    ]);
    const [first, second] = world.status.history ?? [];
    expect(first?.signature).not.toBe(second?.signature);
  });

  test('a partial fix stays and the next iteration repairs the new error: the history as the article has it', async () => {
    const world = worldOf({ story: article });
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    const told = (world.status.history ?? []).map(({ iteration, diagnosis, action, gha, result, standing }) => [
      iteration,
      diagnosis,
      action,
      gha,
      result.split(':')[0],
      standing,
    ]);
    expect(told).toEqual([
      [1, 'tasks die with exit code 137', 'infra fix - more memory', undefined, 'fail - new error', 'Kept'],
      [2, 'a batch takes longer than the timeout', 'code fix - smaller batches', 'pass', 'fail - new error', 'Kept'],
      [3, 'no connection is free', 'code fix - a larger pool', 'pass', 'pass', 'Kept'],
    ]);
    const branch = world.outside.repository.filesAt(world.status.pullRequest?.branch ?? '');
    expect(JSON.parse(branch['config.json'] ?? '')).toEqual({ batch: 100, pool: 20 });
    expect(branch['deploy/task.json']).toBe('{"memory":1024}');
    expect(world.outside.repository.pulls).toHaveLength(1);
  });

  test('a red pipeline fails the iteration with what it said, and the fix is not tried again', async () => {
    const world = worldOf({ story: redPipeline });
    await world.untilAsked();
    expect(world.status.phase).toBe('Escalated');
    expect(world.status.history).toMatchObject([{ gha: 'fail', result: expect.stringContaining('test: 1 failed') }]);
    expect(world.outside.effects.filter(({ kind }) => kind === 'push')).toHaveLength(2);
    expect(world.outside.live.commit).toBe(world.outside.repository.main);
  });

  test('nothing allowed and untried is left: Escalated with a draft and an open question', async () => {
    const world = worldOf({ story: hopeless });
    await world.untilAsked();
    expect(world.status.phase).toBe('Escalated');
    expect(world.status.pullRequest).toMatchObject({ draft: true, title: expect.stringContaining('Findings: shop') });
    expect(world.question.spec).toMatchObject({ gate: 'Escalation', requester: 'alice' });
    expect(world.condition('Stalled')).toMatchObject({ reason: 'Escalated' });
  });

  test('no action allowed: Escalated at once, nothing tried', async () => {
    const world = worldOf({
      story: smallMemory,
      topology: { policy: { maxIterations: 5, actions: [], reportPath: 'docs/' } },
    });
    await world.untilAsked();
    expect(world.status.iteration).toBe(1);
    expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toEqual([]);
  });
});
