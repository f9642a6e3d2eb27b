import { describe, expect, it } from 'vitest';
import { skills } from '../../../skills/catalogue.ts';
import { problemsWithout, withoutSkill } from '../../faults/ablation.ts';
import { recordedFaults } from '../../faults/recorded-faults.ts';
import { readRecording, recordingsFolder } from '../../faults/recording.ts';
import { otherNames } from '../../lab/world/names.ts';

/** What each skill is worth: the faults that are no longer diagnosed from their stored evidence once its output is taken out. */

/** Where nothing is wrong, not having looked everywhere is enough to spoil it: such faults tell of no skill. */
const telling = recordedFaults.filter(({ expected }) => expected.outcome !== 'NoFaultFound');

async function lostWithout(skill: string): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const fault of telling) {
    const problems = await problemsWithout(skill, fault, readRecording(recordingsFolder, fault.name), otherNames);
    if (problems.length > 0) lost.push(fault.name);
  }
  return lost;
}

describe('a skill without which a fault is not found', () => {
  it.each(['aws-ecs', 'github', 'github-actions', 'code-reader', 'code-editor', 'postgres', 'redis'])(
    '%s',
    async (skill) => {
      expect(await lostWithout(skill)).not.toEqual([]);
    },
  );
});

it('a skill that is on no map is worth nothing to any of them', async () => {
  expect(await lostWithout('no-such-skill')).toEqual([]);
});

it('takes out what a skill saw and what it does, and nothing else', () => {
  const [question] = readRecording(recordingsFolder, 'three-hops').diagnoses;
  if (question === undefined) throw new Error('there is no diagnosis');
  for (const { id } of skills) {
    const { bundle, allowed } = withoutSkill(question, id);
    const kinds = bundle.nodes.flatMap(({ findings }) => findings.map(({ kind }) => kind));
    const before = question.bundle.nodes.flatMap(({ findings }) => findings.map(({ kind }) => kind));
    const isOf = (name: string): boolean => name.startsWith(`${id}.`);
    expect(kinds).toEqual(before.filter((kind) => !isOf(kind)));
    expect(Object.keys(allowed)).toEqual(Object.keys(question.allowed).filter((action) => !isOf(action)));
  }
});
