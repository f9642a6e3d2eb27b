import { describe, expect, it } from 'vitest';
import type { Reasoner } from '../../../../controller/reasoning/reasoner.ts';
import { UsageError } from '../../../bench/usage-error.ts';
import { compare, recordingsIn } from '../../../evals/faults/compare.ts';
import { textOf } from '../../../evals/faults/comparison-text.ts';
import { atDesk, sideOf, type Side } from '../../../evals/faults/sides.ts';
import { NothingMeasured } from '../../../evals/faults/summary.ts';
import { answered, recording } from '../../faults/made-up.ts';

const { signal } = new AbortController();
const [recorded, causal] = [sideOf('Recorded'), sideOf('Causal')];

function failing(): Side {
  return { name: 'Broken', diagnose: () => Promise.reject(new Error('no answer')), tokens: () => 0 };
}

/** Names the wrong cause, and pays for asking: but once for the same question. */
function modelled(): (desk: Parameters<Parameters<typeof atDesk>[1]>[0]) => Reasoner {
  return (desk) => ({
    engine: 'Model',
    async diagnose(bundle, _memory, limits, within) {
      const key = JSON.stringify(bundle);
      if ((await desk.ledger.recall(key, within)) === undefined) {
        desk.budget.spend({ input: 900, output: 100 });
        await desk.ledger.keep(key, 'answer', within);
      }
      const { diagnosis } = await answered();
      const { rootCause, fix, alternatives, ...rest } = diagnosis;
      if (rootCause === undefined || fix === undefined) throw new Error('the made-up diagnosis names no cause');
      const mayAct = limits.allowed(fix.action, fix.node);
      return {
        ...rest,
        ...(mayAct ? { fix } : {}),
        rootCause: { ...rootCause, kind: 'postgres.RunawayQuery' },
        alternatives: [rootCause, ...alternatives],
      };
    },
  });
}

it('a folder of recordings that there is not is said to be missing', () => {
  expect(() => recordingsIn('/no/such/folder')).toThrow('there is no folder /no/such/folder');
});

describe('two engines on the same evidence', () => {
  it('agree where they say the same', async () => {
    const same = await compare([await recording()], [recorded, causal], signal);
    expect(same).toMatchObject({ agreement: { hits: 1, n: 1 }, differences: [] });
    expect(same.sides.map(({ name, causeAt1, rightFix }) => [name, causeAt1.hits, rightFix.hits])).toEqual([
      ['Recorded', 1, 1],
      ['Causal', 1, 1],
    ]);
  });

  it('are told apart by cause, alternatives, tokens and where they differ', async () => {
    const model = atDesk('Model:large', modelled());
    const twice = await recording();
    const session = { ...twice, diagnoses: [...twice.diagnoses, ...twice.diagnoses] };
    const told = await compare([session, await recording()], [causal, model], signal);
    expect(told.sides[1]).toMatchObject({
      causeAt1: { hits: 0 },
      causeAt3: { hits: 2 },
      rightFix: { hits: 2 },
      tokens: 2000,
    });
    expect(told).toMatchObject({
      agreement: { hits: 0, n: 3 },
      differences: [{ fault: 'three-hops', diagnosis: 1 }, { diagnosis: 2 }, { diagnosis: 1 }],
    });
    expect(textOf(told)).toContain('  Model:large: postgres.RunawayQuery at');
  });

  it('one that gives no answer has none right, and says why', async () => {
    const told = await compare([await recording()], [causal, failing()], signal);
    expect(told.sides[1]).toMatchObject({ causeAt3: { hits: 0, n: 1 }, failures: ['three-hops: no answer'] });
    expect(textOf(told)).toContain('Broken gave no answer on three-hops: no answer');
  });

  it('on no evidence are not compared at all', async () => {
    await expect(compare([], [recorded, causal], signal)).rejects.toThrow(NothingMeasured);
  });

  it.each(['Nobody', 'Causal:large', ''])('the side %j is refused', (spec) => {
    expect(() => sideOf(spec)).toThrow(UsageError);
  });
});
