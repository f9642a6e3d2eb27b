import { describe, expect, test } from 'vitest';
import type { CheckRequest } from '../../../controller/session/dependencies.ts';
import { redPipeline } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();
const failing = { passed: false, summary: 'npm test: exit code 1' };

/** Every fix of this story is one of code. */
function worldOf(before: { readonly passed: boolean; readonly summary: string }) {
  const asked: CheckRequest[] = [];
  const world = newWorld({
    story: { ...redPipeline, pipeline: () => ({ conclusion: 'success', failure: '' }) },
    replace: () => ({
      codeChecks: {
        async run(request) {
          asked.push(request);
          return request.edits.length === 0 ? before : failing;
        },
      },
    }),
  });
  return { world, asked };
}

describe('the repository’s checks fail with the fix', () => {
  test('and not without it: it is not made, and counts as tried', async () => {
    const { world, asked } = worldOf({ passed: true, summary: '' });
    await world.untilPhase('Escalated');
    expect(world.status.history?.[0]).toMatchObject({
      standing: 'NotApplied',
      result: 'fail - not applied: npm test: exit code 1',
    });
    expect(asked.map(({ edits }) => edits.length)).toEqual([1, 0]);
  });

  test('and without it as well: that says nothing of the fix, and a person looks first', async () => {
    const { world } = worldOf(failing);
    await world.untilAsked();
    expect(world.question.spec.gate).toBe('ReviewGate');
    expect(world.status.plan?.checks).toBe('failing before the fix too: npm test: exit code 1');
    expect(world.outside.effects).toEqual([]);
    world.decide('Approved');
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });
});
