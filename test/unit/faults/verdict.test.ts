import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../controller/reasoning/reasoner.ts';
import { problemsOf } from '../../faults/verdict.ts';
import { faultNamed } from '../../lab/faults/catalogue.ts';
import { decoyNames } from '../../lab/world/decoys.ts';
import { otherNames } from '../../lab/world/names.ts';
import { answered } from './made-up.ts';

const { payments, nodes } = otherNames;
const judge = (fault: string, ...diagnoses: Diagnosis[]) => problemsOf(faultNamed(fault), diagnoses, otherNames);

interface Said {
  readonly node: string;
  readonly kind: string;
  readonly action?: string;
}

async function saying({ node, kind, action }: Said): Promise<Diagnosis> {
  const { diagnosis } = await answered();
  const { fix, rootCause, ...rest } = diagnosis;
  if (fix === undefined || rootCause === undefined) throw new Error('the made-up diagnosis names no cause');
  return {
    ...rest,
    rootCause: { ...rootCause, node, kind },
    ...(action === undefined ? {} : { fix: { ...fix, action } }),
  };
}

async function sayingNothing(verdict: 'NoFault' | 'Inconclusive'): Promise<Diagnosis> {
  const { engine, bundleDigest } = (await answered()).diagnosis;
  return { engine, bundleDigest, verdict, chain: [], claims: [], gaps: [], predictions: [], alternatives: [] };
}

const regression = { node: `${payments}/${nodes.code}`, kind: 'github.CodeRegression', action: 'github.revert-commit' };
const tooLow = {
  node: `${payments}/${nodes.compute}`,
  kind: 'aws-ecs.MemoryTooLow',
  action: 'aws-ecs.update-task-definition',
};

describe('an expert agrees', () => {
  it('with the true cause and a right repair', async () => {
    expect(judge('three-hops', (await answered()).diagnosis)).toEqual([]);
  });

  it('with another cause first, where a good session takes more than one iteration', async () => {
    const again = await sayingNothing('NoFault');
    expect(judge('leaky-release', await saying(tooLow), await saying(regression))).toEqual([]);
    expect(judge('leaky-release', await saying(regression), again)).toEqual([]);
  });

  it('that nothing is wrong, or that nothing can be done', async () => {
    expect(judge('healthy', await sayingNothing('NoFault'))).toEqual([]);
    const cache = { node: `${payments}/${nodes.cache}`, kind: 'redis.MemoryFull' };
    expect(judge('cannot-fix', await saying(cache))).toEqual([]);
  });
});

describe('an expert does not agree', () => {
  it('with a cause that is not true, in any diagnosis where one must do', async () => {
    expect(judge('small-memory', await saying(regression), await saying(tooLow))).toHaveLength(2);
    expect(judge('leaky-release', await saying(regression), await saying(tooLow))).toHaveLength(2);
  });

  it('with the wrong repair, and with none', async () => {
    expect(judge('small-memory', await saying({ ...tooLow, action: 'aws-ecs.roll-back' }))).toHaveLength(1);
    expect(judge('small-memory', await saying({ node: tooLow.node, kind: tooLow.kind }))).toHaveLength(1);
  });

  it('with an act where nothing is to be done', async () => {
    const cache = { node: `${payments}/${nodes.cache}`, kind: 'redis.MemoryFull', action: 'aws-ecs.scale' };
    expect(judge('cannot-fix', await saying(cache))).toHaveLength(1);
    expect(judge('healthy', await saying(tooLow))).not.toEqual([]);
  });

  it('with doubt where there is none, nor with no diagnosis at all', async () => {
    expect(judge('healthy', await sayingNothing('Inconclusive'))).not.toEqual([]);
    expect(judge('healthy', await sayingNothing('NoFault'), await sayingNothing('Inconclusive'))).not.toEqual([]);
    expect(judge('small-memory', await sayingNothing('NoFault'))).not.toEqual([]);
    expect(judge('three-hops')).not.toEqual([]);
  });

  it.each(decoyNames)('with the decoy %s, in whatever diagnosis', async (name) => {
    const decoy = await saying({ node: `${payments}/${name}`, kind: 'http-health.BadStatus' });
    expect(judge('leaky-release', decoy, await saying(regression))).toEqual([expect.stringContaining(name)]);
  });
});
