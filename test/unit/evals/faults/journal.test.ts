import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { casesOf, groupOf, groups, sizes } from '../../../evals/faults/cases.ts';
import { availableEngines } from '../../../evals/faults/engines.ts';
import { judgedAgain } from '../../../evals/faults/judge-again.ts';
import { openCases, openJournal, readJournal } from '../../../evals/faults/journal.ts';
import { readOptions } from '../../../evals/faults/options.ts';
import { UsageError } from '../../../bench/usage-error.ts';
import { decoyNames } from '../../../lab/world/decoys.ts';
import { plainNames } from '../../../lab/world/names.ts';
import { broke, ran } from './made-up.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threehops-evals-'));
  path = join(folder, 'evals.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const both = casesOf({ engines: ['Causal'], faults: ['small-memory'], set: 'all', forms: ['plain', 'disguised'] });

describe('a run that was interrupted', () => {
  it('goes on with what is not there yet, and with what broke', () => {
    const first = openJournal(path, 'abc', false);
    expect(openCases(both, first)).toHaveLength(2);
    first.add(ran());
    first.add(broke({ form: 'disguised' }));
    const next = openJournal(path, 'abc', true);
    expect(openCases(both, next).map(({ form }) => form)).toEqual(['disguised']);
    expect(next.results).toHaveLength(2);
  });

  it('takes nothing from another commit, and nothing at all unless it is to go on', () => {
    openJournal(path, 'abc', false).add(ran());
    expect(openJournal(path, 'def', true).results).toEqual([]);
    openJournal(path, 'abc', false).add(ran());
    expect(openJournal(path, 'abc', false).results).toEqual([]);
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  it('does without the line that it died in', () => {
    openJournal(path, 'abc', false).add(ran());
    appendFileSync(path, '{"state":"Ra');
    expect(openJournal(path, 'abc', true).results).toHaveLength(1);
    appendFileSync(path, 'not a line of ours\n{}\n');
    expect(() => openJournal(path, 'abc', true)).toThrow(SyntaxError);
  });
});

describe('the cases', () => {
  const engines = ['Causal'] as const;

  it('are the catalogue in each form, and the sets beside it disguised', () => {
    const all = casesOf({ engines, set: 'all', forms: ['plain', 'disguised'] });
    const counted = Object.groupBy(all, groupOf);
    for (const group of groups) expect(counted[group]).toHaveLength(sizes[group]);
    for (const set of ['hard', 'second'] as const) {
      expect(counted[set]?.every(({ fault, form }) => fault.startsWith(`${set}/`) && form === 'disguised')).toBe(true);
      expect(casesOf({ engines, set, forms: ['plain'] })).toEqual(counted[set]);
    }
    expect(casesOf({ engines, set: 'catalogue', forms: ['plain'] })).toHaveLength(sizes.plain);
  });

  it('are disguised among ten decoys', () => {
    expect(new Set(decoyNames).size).toBe(10);
  });

  it('are of faults that there are', () => {
    expect(() => casesOf({ engines, faults: ['nothing'], set: 'all', forms: ['plain'] })).toThrow(/no fault nothing/);
  });

  it('need a key where a model is asked', () => {
    expect(availableEngines({})).toMatchObject({
      engines: ['Causal'],
      notRun: { Claude: expect.stringContaining('KEY') },
    });
    const given = { ANTHROPIC_API_KEY: 'given', ANTHROPIC_MODEL: 'a-model' };
    expect(availableEngines(given).engines).toEqual(['Causal', 'Claude', 'Both']);
    const asked = availableEngines(given, ['Both']);
    expect(asked).toEqual({
      engines: ['Both'],
      notRun: { Causal: 'it was not asked for', Claude: 'it was not asked for' },
    });
  });
});

it('a session is judged again by what its line holds, without a lab', () => {
  const rootCause = { node: `${plainNames.payments}/${plainNames.nodes.compute}`, kind: 'aws-ecs.MemoryTooLow' };
  const { result } = ran().told;
  openJournal(path, 'abc', false).add(ran({ causeAt1: false, told: { result, diagnoses: [{ rootCause }] } }));
  expect(judgedAgain(readJournal(path))).toMatchObject([{ causeAt1: true, named: rootCause.kind, rightFix: false }]);
});

describe('the command line', () => {
  it('runs all of it unless told otherwise', () => {
    expect(readOptions([])).toMatchObject({
      kind: 'Live',
      set: 'all',
      forms: ['plain', 'disguised'],
      out: 'docs',
      resume: false,
    });
    const given = readOptions([
      '--fault',
      'healthy',
      '--fault',
      'hard/slow-leak',
      '--form',
      'plain',
      '--engine',
      'Both',
      '--resume',
    ]);
    expect(given).toMatchObject({
      faults: ['healthy', 'hard/slow-leak'],
      forms: ['plain'],
      engines: ['Both'],
      resume: true,
    });
  });

  it('does not write a part of the cases where all of them are published', () => {
    for (const part of [
      ['--set', 'hard'],
      ['--set', 'second'],
      ['--fault', 'healthy'],
      ['--form', 'plain'],
    ]) {
      expect(readOptions(part)).toMatchObject({ out: join(tmpdir(), 'threehops-evals') });
      expect(readOptions([...part, '--out', 'here'])).toMatchObject({ out: 'here' });
    }
    expect(readOptions(['--help'])).toEqual({ kind: 'Help' });
  });

  it('compares two sides', () => {
    expect(readOptions(['--compare', 'Recorded', 'Causal'])).toMatchObject({
      kind: 'Compare',
      sides: ['Recorded', 'Causal'],
    });
  });

  it.each([
    [['--set', 'most']],
    [['--form', 'odd']],
    [['--engine', 'Nobody']],
    [['stray']],
    [['--compare', 'Causal']],
    [['--nothing']],
    [['--labs', '0']],
  ])('%j is refused', (argv) => {
    expect(() => readOptions(argv)).toThrow(UsageError);
  });
});
