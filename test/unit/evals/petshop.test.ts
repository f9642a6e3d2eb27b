import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { UsageError } from '../../../controller/cli/usage-error.ts';
import { DataUnusable } from '../../evals/data-unusable.ts';
import { chance, nSigma, traversal } from '../../evals/petshop/baselines.ts';
import { petshop } from '../../evals/petshop/command.ts';
import { judged, specificity } from '../../evals/petshop/measure.ts';
import { perturbations } from '../../evals/petshop/perturb.ts';
import { causal, type Method } from '../../evals/petshop/rank.ts';
import { readDataSet } from '../../evals/petshop/read.ts';
import { renamed } from '../../evals/petshop/rename.ts';
import { hitAt } from '../../evals/ranked.ts';
import { seeded } from '../../helpers/random.ts';
import { put, putShop } from './made-up.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threehops-evals-'));
  putShop(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('eval petshop', () => {
  it('prints one object of what was hit, for each metric, and beside it what plain methods hit', () => {
    const { baselines, ...own } = JSON.parse(petshop([folder, '--json'])) as Record<string, object>;
    expect(own).toMatchObject({ cases: 2, top1: 1, top3: 1, empty: 0, latency: { cases: 2, top1: 1, top3: 1 } });
    expect(own).toMatchObject({ availability: { cases: 0, top1: null, top3: null } });
    expect(Object.keys(own)).toEqual(expect.arrayContaining(['specificity', 'msPerCase']));
    expect(Object.keys(baselines ?? {})).toEqual(['nSigma', 'traversal', 'chance']);
  });

  it('prints a table for a person', () => {
    const [head = '', top1 = ''] = petshop([folder]).split('\n');
    expect(head.trim().split(/\s+/)).toEqual(['causal', 'nSigma', 'traversal', 'chance']);
    expect(top1).toMatch(/^all: top-1\s+100\.0 % \[100, 100\]/);
  });

  it('takes a folder with cases in train alone or in test alone', () => {
    rmSync(join(folder, 'train'), { recursive: true });
    expect(readDataSet(folder).cases.map(({ name }) => name)).toEqual(['test/issue_0']);
  });

  it('says what is missing', () => {
    rmSync(join(folder, 'test'), { recursive: true });
    rmSync(join(folder, 'train'), { recursive: true });
    expect(() => petshop([folder])).toThrow(DataUnusable);
    expect(() => petshop([folder])).toThrow('there are no cases');
    rmSync(join(folder, 'noissue'), { recursive: true });
    expect(() => petshop([folder])).toThrow(join('noissue', 'metrics.csv'));
  });

  it('reads labels of another form as no labels', () => {
    put(folder, 'test/issue_0/target.json', '{}');
    expect(() => petshop([folder])).toThrow(/target\.json does not have/);
  });

  it('wants one folder that there is', () => {
    for (const argv of [[], [folder, folder], [join(folder, 'none')], [folder, '--jason']]) {
      expect(() => petshop(argv)).toThrow(UsageError);
    }
  });
});

describe('baselines', () => {
  const namesOf = (method: Method) =>
    judged(method, readDataSet(folder)).map(({ ranked }) => ranked.map(({ node }) => node));

  it('know no views, and nothing where nothing departs from what is usual', () => {
    for (const method of [nSigma, traversal]) {
      expect(namesOf(method).flat()).not.toContain('middle_remote');
      expect(specificity(method, readDataSet(folder)).share).toBe(1);
    }
  });

  it('go deepest first along what is anomalous', () => {
    expect(namesOf(traversal)).toEqual([
      ['middle_Container', 'front_Page'],
      ['back_Table', 'middle_Container', 'front_Page'],
    ]);
  });

  it('by chance hit as often as there are places', () => {
    expect(judged(chance, readDataSet(folder)).map(({ top1, top3 }) => [top1, top3])).toEqual([
      [1 / 3, 1],
      [1 / 3, 1],
    ]);
  });
});

it('a tie counts by its expected value', () => {
  const ranked = [1, 0.5, 0.5, 0.5].map((share, index) => ({ node: `n${index}`, share }));
  expect([1, 2, 3, 4].map((k) => hitAt(k, 'n2', ranked))).toEqual([0, 1 / 3, 2 / 3, 1]);
  expect(hitAt(4, 'other', ranked)).toBe(0);
});

it('a sweep that saw the same ranks the cause first, and nothing on an ordinary day', () => {
  const data = readDataSet(folder);
  expect(judged(causal, data).map(({ ranked }) => ranked[0]?.node)).toEqual(['middle_Container', 'back_Table']);
  expect(specificity(causal, data).share).toBe(1);
});

describe('the same faults on another day', () => {
  const unmeasured = ['cause not measured'];
  const others = Object.keys(perturbations).filter((name) => name !== 'none' && !unmeasured.includes(name));

  it('with a cause that nobody measured, do not leave it out', () => {
    const other = perturbations['cause not measured']?.(readDataSet(folder), seeded(1)) ?? readDataSet(folder);
    expect(judged(causal, other).map(({ top3 }) => top3)).toEqual([1, 1]);
  });

  test.each(others)('%s: have the same cause', (name) => {
    const data = readDataSet(folder);
    const other = perturbations[name]?.(data, seeded(1)) ?? data;
    expect(judged(causal, other).map(({ top1 }) => top1)).toEqual([1, 1]);
    expect(other).not.toEqual(data);
  });

  it('called otherwise, have none of the old names and the same kinds', () => {
    const data = readDataSet(folder);
    const { calls, cases } = renamed(data, seeded(1));
    expect([...calls.keys()].filter((node) => data.calls.has(node))).toEqual([]);
    expect(cases.map(({ rootCause }) => rootCause.replace(/^n\d+/, ''))).toEqual(['_Container', '_Table']);
  });
});
