import { describe, expect, test } from 'vitest';
import type { WritePoint } from '../../helpers/session/hazard.ts';
import { article, smallMemory } from '../../helpers/session/shop.ts';
import type { SessionWorld } from '../../helpers/session-world.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const worldOf = cleanWorlds();

const told = (world: SessionWorld) => world.announced.filter(({ reason }) => reason === 'ReasonerUnavailable');

describe('a session that asks for a reasoner that is not there', () => {
  test.each(['Claude', 'Both'] as const)(
    '%s: is told once, whatever its iterations, and who answers',
    async (asked) => {
      const world = worldOf({ story: article, spec: { reasoner: asked } });
      await world.untilEnd();
      expect(world.status).toMatchObject({ outcome: 'Fixed', iteration: 3, diagnosis: { engine: 'Causal' } });
      const message = `spec.reasoner: ${asked} is not available; Causal answers instead`;
      expect(told(world)).toEqual([{ type: 'Warning', reason: 'ReasonerUnavailable', message, iteration: 0 }]);
    },
  );

  test('Causal: there is nothing to tell', async () => {
    const world = worldOf({ story: article });
    await world.untilEnd();
    expect(told(world)).toEqual([]);
  });

  test('telling it costs no write of the status', async () => {
    const [asked, plain] = [
      worldOf({ story: smallMemory, spec: { reasoner: 'Both' } }),
      worldOf({ story: smallMemory }),
    ];
    await asked.untilEnd();
    await plain.untilEnd();
    expect(asked.api.written.length).toBe(plain.api.written.length);
  });

  test('while it waits for its map to be mended it is not told again and again', async () => {
    const nothing = { self: [{ name: 'compute', type: 'compute', skill: 'no-such-skill' }], downstream: [] };
    const world = worldOf({ story: smallMemory, spec: { reasoner: 'Claude' }, topology: nothing });
    await world.untilStalled('NothingToLookAt');
    await world.pass(120);
    expect(told(world)).toEqual([]);
  });

  test.each(['die before', 'die after', 'lose the answer', 'refuse as stale'] as const)(
    'one that has to %s as it begins says the same again, which is one Event',
    async (mishap) => {
      const world = worldOf({ story: smallMemory, spec: { reasoner: 'Claude' } });
      const beginning = ({ what }: WritePoint) => what === 'status 1 Sweeping';
      let begun = 0;
      world.hazard.plan = (point) => (beginning(point) && (begun += 1) === 1 ? mishap : undefined);
      await world.untilEnd();
      expect(begun).toBeGreaterThan(0);
      expect(new Set(told(world).map((event) => JSON.stringify(event))).size).toBe(1);
      // The refusals that were injected.
      world.errors.length = 0;
    },
  );
});
