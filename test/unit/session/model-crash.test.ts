import { describe, expect, test } from 'vitest';
import { catalogueOf } from '../../../controller/actions/catalogue.ts';
import { canonicalJson } from '../../../controller/evidence/canonical.ts';
import { createClaude } from '../../../controller/reasoning/claude/claude.ts';
import type { ModelAnswer, ModelClient, ModelRequest } from '../../../controller/reasoning/claude/model-client.ts';
import type { WritePoint } from '../../helpers/session/hazard.ts';
import { shopSkills } from '../../helpers/session/skills.ts';
import { smallMemory } from '../../helpers/session/shop.ts';
import { SessionWorld } from '../../helpers/session-world.ts';

/** A whole session on a model's word, and the operator dies at each write: nothing is asked again that was answered. */

const findings = ['shop/compute:OutOfMemory'];
const diagnosis = {
  claims: [{ text: 'its tasks die', findings }],
  gaps: [],
  verdict: 'Cause',
  rootCause: { node: 'shop/compute', kind: 'shop.OutOfMemory', summary: 'too little memory', confidencePercent: 90 },
  chain: ['shop/compute', 'shop'],
  alternatives: [],
  fix: { action: 'shop.resize', node: 'shop/compute', parameters: '{"memory":1024}', rationale: 'more memory' },
  predictions: [{ node: 'shop/compute', findingGone: 'shop.OutOfMemory', withinSeconds: 10 }],
};

/** Looks at two nodes at once, and then answers. */
function answerTo({ messages }: ModelRequest): ModelAnswer['content'] {
  const looks = [
    { name: 'compute__look', input: { node: 'shop/compute', arguments: { node: 'compute' } } },
    { name: 'store__look', input: { node: 'shop/db', arguments: { node: 'db' } } },
  ];
  const uses = messages.length === 1 ? looks : [{ name: 'diagnose', input: diagnosis }];
  const blocks = uses.map((use, index) => ({ type: 'tool_use', id: `toolu_${messages.length}_${index}`, ...use }));
  // As much of a block as anybody reads.
  return blocks as unknown as ModelAnswer['content'];
}

interface Run {
  readonly world: SessionWorld;
  /** What was sent, in order. */
  readonly sent: readonly string[];
}

function worldWithModel(): Run {
  const sent: string[] = [];
  const model: ModelClient = {
    countTokens: () => Promise.resolve(100),
    async send(request) {
      sent.push(canonicalJson(request));
      const usage = { input_tokens: 100, output_tokens: 20 } as ModelAnswer['usage'];
      return { content: answerTo(request), stop_reason: 'tool_use', usage };
    },
  };
  const settings = { model: 'a-model', maxTokens: 1000, contextTokens: 50_000, maxTurns: 4, maxCalls: 8 };
  const knowledge = { skills: shopSkills, actions: catalogueOf(shopSkills.values()) };
  const claude = createClaude({ knowledge, horizon: { causeSeconds: 10, hopSeconds: 3 }, model, settings });
  const world = new SessionWorld({
    story: smallMemory,
    spec: { reasoner: 'Claude' },
    replace: ({ engines }) => ({ engines: { ...engines, claude } }),
  });
  return { world, sent };
}

/** Whether the write is made between the first request and the transition that its diagnosis leads to. */
function isDiagnosing({ what }: WritePoint): boolean {
  return /^evidence 1 (kept|Diagnosis)$|^status 1 Planning$/.test(what);
}

describe('a session that asks a model', () => {
  test('asks it twice in a diagnosis and is told by it how to mend the service', async () => {
    const { world, sent } = worldWithModel();
    await world.untilEnd();
    world.assertClean();
    expect(world.status).toMatchObject({
      outcome: 'Fixed',
      diagnosis: { engine: 'Claude', model: 'a-model' },
      usage: { tokens: 240, modelRequests: 2 },
    });
    expect(sent).toHaveLength(2);
  });

  test.each(['die before', 'die after'] as const)('and has to %s, at any write of it', async (mishap) => {
    const reference = worldWithModel();
    await reference.world.untilEnd();
    const points = reference.world.hazard.points.filter(isDiagnosing);
    expect(points.length).toBeGreaterThan(6);
    for (const { index: hit, what } of points) {
      const { world, sent } = worldWithModel();
      world.hazard.plan = ({ index }) => (index === hit ? mishap : undefined);
      await world.untilEnd();
      world.assertClean();
      expect(world.lives, `${what}`).toBe(2);
      expect(world.status, `${what}`).toMatchObject({ outcome: 'Fixed', diagnosis: { engine: 'Claude' } });
      // One answer may have been lost with the process that waited for it; it is asked for once more, by the same words.
      expect([...new Set(sent)], `${what}`).toEqual(reference.sent);
      expect(sent.length, `${what}`).toBeLessThanOrEqual(reference.sent.length + 1);
    }
  });
});
