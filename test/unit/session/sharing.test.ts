import { expect, test } from 'vitest';
import type { ToolUse } from '../../../controller/session/dependencies.ts';
import { hopeless } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();

test('a session takes what others read in its first sweep, and after that reads for itself', async () => {
  const sweeps = new Map<number, Set<ToolUse['shareable']>>();
  const world = newWorld({
    story: hopeless,
    replace: ({ tools }) => ({
      tools: {
        furtherReads: (...given) => tools.furtherReads(...given),
        definitionOf: (...given) => tools.definitionOf(...given),
        unwrittenCalls: (uid) => tools.unwrittenCalls(uid),
        callsWritten: (uid, calls) => tools.callsWritten(uid, calls),
        toolsFor(session, use) {
          const { phase, iteration = 1 } = session.status ?? {};
          if (phase === 'Sweeping') sweeps.set(iteration, (sweeps.get(iteration) ?? new Set()).add(use.shareable));
          return tools.toolsFor(session, use);
        },
      },
    }),
  });
  await world.untilEnd();
  const [first, ...others] = [...sweeps.values()].map((seen) => [...seen]);
  expect(first).toEqual([true]);
  expect(others.length).toBeGreaterThan(0);
  for (const seen of others) expect(seen).toEqual([false]);
});
