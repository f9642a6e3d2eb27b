import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    expect(top1).toMatch(/^all: top-1\s+100\.0 %/);
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

  it('shows beside a bootstrap of no width an interval that has one, in 80 columns', () => {
    const lines = petshop([folder]).split('\n');
    expect(lines.slice(2, 4).map((line) => line.split(/\s{2,}/)[2])).toEqual(['[100, 100]', '[34, 100]']);
    const all = [...lines, ...petshop([folder, '--cases']).split('\n')];
    expect(all.filter((line) => line.length > 80)).toEqual([]);
  });

  it('goes by the statistic that the label names where it is there, the same in normal operation and in the window', () => {
    const about = (path: string) => join(folder, path, 'metrics.csv');
    for (const path of ['noissue', 'test/issue_0']) {
      writeFileSync(about(path), readFileSync(about(path), 'utf8').replaceAll('Average', 'P95'));
    }
    const label = join(folder, 'test/issue_0/target.json');
    writeFileSync(label, readFileSync(label, 'utf8').replace('Average', 'p95'));
    const [train, test] = judged(causal, readDataSet(folder));
    expect(test).toMatchObject({ top1: 1 });
    // Normal operation tells of P95 alone and the window of averages: those are not held against each other.
    expect(train).toMatchObject({ top1: 0 });
  });

  it('has no answer to a window without rows', () => {
    const path = join(folder, 'test/issue_0/metrics.csv');
    for (const rows of [3, 0]) {
      writeFileSync(path, readFileSync(path, 'utf8').split('\n').slice(0, rows).join('\n'));
      expect(judged(causal, readDataSet(folder))[1]?.ranked).toEqual([]);
    }
  });

  it('names the file whose times or cells it cannot read', () => {
    const change = (path: string, from: string | RegExp, to: string): void => {
      const text = readFileSync(join(folder, path), 'utf8');
      put(folder, path, text.replace(from, to));
      expect(() => readDataSet(folder)).toThrow(DataUnusable);
      expect(() => readDataSet(folder)).toThrow(path);
      put(folder, path, text);
    };
    change('test/issue_0/target.json', '"timestamp"', '"noticed"');
    change('test/issue_0/metrics.csv', /^17\d+,/m, 'yesterday,');
    change('graph.csv', /1/, 'maybe');
    change('graph.csv', /(?<=,)1/g, '0');
  });

  it('takes a graph in words, and times in thousandths of thousandths', () => {
    const before = readDataSet(folder);
    const graph = readFileSync(join(folder, 'graph.csv'), 'utf8');
    put(folder, 'graph.csv', graph.replaceAll(/(?<=,)1/g, 'True').replaceAll(/(?<=,)0/g, 'False'));
    const path = 'test/issue_0/metrics.csv';
    put(folder, path, readFileSync(join(folder, path), 'utf8').replaceAll(/^(17\d+),/gm, '$1000000000,'));
    expect(readDataSet(folder)).toEqual(before);
  });

  it('draws what it draws by a seed, which goes with nothing else', () => {
    expect(() => petshop([folder, '--seed', '2'])).toThrow(UsageError);
    expect(() => petshop([folder, '--perturb', '--seed', 'two'])).toThrow(UsageError);
  });

  it.each([
    ['--cases', '--json'],
    ['--json', '--perturb'],
  ])('does not take %s with %s', (...both) => {
    expect(() => petshop([folder, ...both])).toThrow(UsageError);
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
  // The shop that is made up tells of no availability.
  const apart = ['none', 'availability +-2', 'cause unmeasured'];
  const others = Object.keys(perturbations).filter((name) => !apart.includes(name));

  it('with a cause that nobody measured, do not leave it out', () => {
    const other = perturbations['cause unmeasured']?.(readDataSet(folder), seeded(1)) ?? readDataSet(folder);
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
