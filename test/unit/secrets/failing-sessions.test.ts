import { afterAll, describe, expect, test } from 'vitest';
import type { Reasoner } from '../../../controller/reasoning/reasoner.ts';
import { Figures } from '../../helpers/secrets/figures.ts';
import { leftBy, plantedWorld } from '../../helpers/secrets/planted-world.ts';
import { casesOf, plantedSecrets } from '../../helpers/secrets/planted.ts';
import type { Case } from '../../helpers/secrets/transforms.ts';
import { streamed } from '../../helpers/secrets/ways-out.ts';
import { redPipeline, shopPolicy } from '../../helpers/session/shop.ts';
import { bookReasoner } from '../../helpers/session/reasoner.ts';
import { SessionWorld } from '../../helpers/session-world.ts';

const seed = 20_260_104;
const figures = new Figures();

/** What has room for one text alone gets one of every few kinds. */
function sample(offset: number): readonly Case[] {
  const asIs = casesOf(plantedSecrets(seed), seed).filter(({ transform }) => transform === 'as it is');
  const byKind = [...Map.groupBy(asIs, ({ kind }) => kind).values()].flatMap((all) => all.slice(0, 1));
  return byKind.filter((_, index) => index % 24 === offset);
}

const textOf = ({ given }: Case): string => (typeof given === 'string' ? given : given.join('\n'));

afterAll(() => {
  process.stdout.write(
    `redaction where a session fails\n${figures
      .lines()
      .map((line) => `  ${line}\n`)
      .join('')}`,
  );
});

/** Of everything that a session can tell, what it told. */
async function judge(way: string, world: SessionWorld, one: Case): Promise<void> {
  const planted = { world, asked: [] };
  const { 'pull requests': pulls, ...left } = leftBy(planted);
  figures.judge(way, { ...left, pulls, progress: await streamed(planted) }, [one]);
}

/** A tool, or a part of the forge, that fails with the text. */
const parts = ['look', 'head', 'file', 'push', 'pull request'];

describe('a session', () => {
  test.each(parts.map((part, offset) => ({ part, offset })))(
    'does not tell the secret in what $part fails with',
    async ({ part, offset }) => {
      for (const one of sample(offset)) {
        const { world } = plantedWorld(['nothing secret']);
        world.outside.toolFault = (tool) => (tool === part ? new Error(textOf(one)) : undefined);
        for (let turn = 0; turn < 2; turn += 1) {
          await world.pass(45);
          if (world.status.phase === 'AwaitingApproval') world.decide('Approved');
        }
        await judge(`failure: ${part}`, world, one);
      }
      expect(figures.planted(`failure: ${part}`)).toBeGreaterThan(5);
      expect(figures.leaks(`failure: ${part}`)).toEqual([]);
    },
  );

  test('does not tell the secret in what one node of many fails with', async () => {
    for (const one of sample(5)) {
      const { world } = plantedWorld(['nothing secret', 'nor here']);
      world.outside.toolFault = (tool, { node }) =>
        tool === 'look' && node === 'n1' ? new Error(textOf(one)) : undefined;
      await world.pass(45);
      await judge('failure: one node', world, one);
    }
    expect(figures.leaks('failure: one node')).toEqual([]);
  });

  test('does not tell the secret in what a pipeline says', async () => {
    for (const one of sample(6)) {
      const story = { ...redPipeline, pipeline: () => ({ conclusion: 'failure', failure: textOf(one) }) };
      const world = new SessionWorld({
        story,
        topology: { policy: { ...shopPolicy, maxIterations: 1 } },
      });
      await world.untilPhase('Escalated');
      await world.pass(5);
      await judge('failure: pipeline', world, one);
    }
    expect(figures.leaks('failure: pipeline')).toEqual([]);
  });

  test('does not tell the secret in what the repository’s checks say', async () => {
    for (const one of sample(7)) {
      let run = 0;
      const world = new SessionWorld({
        story: redPipeline,
        topology: { policy: { ...shopPolicy, maxIterations: 1 } },
        // The first time with the fix, the second without it.
        replace: () => ({ codeChecks: { run: async () => ({ passed: (run += 1) % 2 === 0, summary: textOf(one) }) } }),
      });
      await world.untilPhase('Escalated');
      await world.pass(5);
      await judge('failure: checks', world, one);
    }
    expect(figures.leaks('failure: checks')).toEqual([]);
  });

  test('does not tell the secret in what a model says of its fix: commit message, plan and pull request', async () => {
    for (const one of sample(8)) {
      const idea = { action: 'shop.set-number', node: 'shop/code', parameters: { key: 'batch', value: 100 } };
      const claude = (): Reasoner => bookReasoner({ Timeout: [{ ...idea, rationale: textOf(one) }] }, 'Claude');
      const world = new SessionWorld({
        story: { ...redPipeline, pipeline: () => ({ conclusion: 'success', failure: '' }) },
        spec: { reasoner: 'Claude' },
        replace: ({ engines }) => ({ engines: { ...engines, claude } }),
      });
      await world.untilEnd();
      expect(world.status.diagnosis?.engine).toBe('Claude');
      expect(world.outside.repository.pulls).toHaveLength(1);
      await judge('words of a model', world, one);
    }
    expect(figures.leaks('words of a model')).toEqual([]);
  });
});
