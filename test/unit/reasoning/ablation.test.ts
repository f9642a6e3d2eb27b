import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { skills } from '../../../skills/catalogue.ts';
import { lostWithout, rowOf, withoutSkill } from '../../faults/ablation.ts';
import { readRecording, recordingsFolder } from '../../faults/recording.ts';

const docs = join(import.meta.dirname, '../../../docs/faults.md');

/** What each skill is worth: the faults that are no longer diagnosed from their stored evidence once its output is taken out. */

describe.each(skills.map(({ id }) => id))('%s', (skill) => {
  it('is what faults are not found, or not repaired, without: three and more, which stand in docs/faults.md (`npm run ablate`)', async () => {
    const lost = await lostWithout(skill);
    expect(lost.length).toBeGreaterThanOrEqual(3);
    expect(readFileSync(docs, 'utf8').split('\n')).toContain(rowOf(skill, lost));
  });
});

it('a skill that is on no map is worth nothing to any of them', async () => {
  expect(await lostWithout('no-such-skill')).toEqual([]);
});

it('takes out what a skill saw and what it does, and nothing else', () => {
  const [question] = readRecording(recordingsFolder, 'three-hops').diagnoses;
  if (question === undefined) throw new Error('there is no diagnosis');
  for (const { id } of skills.filter((skill) => skill.id !== 'commit-push')) {
    const { bundle, allowed } = withoutSkill(question, id);
    const kinds = bundle.nodes.flatMap(({ findings }) => findings.map(({ kind }) => kind));
    const before = question.bundle.nodes.flatMap(({ findings }) => findings.map(({ kind }) => kind));
    const isOf = (name: string): boolean => name.startsWith(`${id}.`);
    expect(kinds).toEqual(before.filter((kind) => !isOf(kind)));
    expect(Object.keys(allowed)).toEqual(Object.keys(question.allowed).filter((action) => !isOf(action)));
  }
});

it('takes every edit of code away with what pushes it', () => {
  const [question] = readRecording(recordingsFolder, 'leaky-release').diagnoses;
  if (question === undefined) throw new Error('there is no diagnosis');
  const gone = Object.keys(question.allowed).filter(
    (action) => !(action in withoutSkill(question, 'commit-push').allowed),
  );
  expect(gone.toSorted()).toEqual(['code-editor.replace-text', 'code-editor.set-number', 'github.revert-commit']);
});
