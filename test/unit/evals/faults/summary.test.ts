import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../evals/faults/page.ts';
import { NothingMeasured, summaryOf } from '../../../evals/faults/summary.ts';
import { broke, ran } from './made-up.ts';

const wrong = { causeAt1: false, named: 'github.CodeRegression' } as const;
const unfixed = { outcome: 'Escalated', asExpected: false, rightFix: false } as const;
const provenance = { commit: 'abc', date: '2026-01-01', machine: 'two CPUs', notRun: { Claude: 'there is no key' } };

describe('what sessions came to', () => {
  it('nothing is no measurement, nor are labs that broke', () => {
    expect(() => summaryOf([])).toThrow(NothingMeasured);
    expect(() => summaryOf([broke()])).toThrow(NothingMeasured);
  });

  it('is told apart for each engine, each form and each set beside the catalogue', () => {
    const { groups } = summaryOf([
      ran(),
      ran({ form: 'disguised', ...wrong }),
      ran({ fault: 'hard/slow-leak', form: 'disguised' }),
      ran({ fault: 'second/four-in-a-row', form: 'disguised' }),
      ran({ engine: 'Claude' }),
    ]);
    const told = groups.map(({ engine, group, n, causeAt1 }) => [engine, group, n, causeAt1.hits]);
    expect(told).toEqual([
      ['Causal', 'plain', 1, 1],
      ['Causal', 'disguised', 1, 0],
      ['Causal', 'hard', 1, 1],
      ['Causal', 'second', 1, 1],
      ['Claude', 'plain', 1, 1],
    ]);
  });

  it('a repair counts only where one is called for', () => {
    const left = { expected: 'Escalated', outcome: 'Escalated', rightFix: false, acts: [] } as const;
    const [group] = summaryOf([
      ran(),
      ran({ fault: 'bad-env', ...unfixed }),
      ran({ fault: 'cannot-fix', ...left }),
    ]).groups;
    expect(group).toMatchObject({
      n: 3,
      fixed: { hits: 1, n: 2 },
      rightFix: { hits: 1, n: 2 },
      asExpected: { hits: 2, n: 3 },
    });
  });

  it('useless acts are of all acts, false acts of all sessions that could act', () => {
    const twice = ['aws-ecs.scale', 'github.revert-commit'];
    const [group] = summaryOf([
      ran(),
      ran({ fault: 'bad-env', acts: twice, uselessActs: ['aws-ecs.scale'] }),
      ran({ fault: 'healthy', acts: twice, uselessActs: twice, falseActs: twice }),
    ]).groups;
    expect(group).toMatchObject({ uselessActs: { hits: 3, n: 5 }, falselyActed: { hits: 1, n: 3 } });
    const [idle] = summaryOf([ran(), ran({ fault: 'bad-env', couldAct: false })]).groups;
    expect(idle).toMatchObject({ falselyActed: { hits: 0, n: 1 } });
  });

  it('has the median and the ninetieth of a hundred', () => {
    const times = Array.from({ length: 100 }, (_, index) =>
      ran({ seconds: 100 - index, iterations: index < 80 ? 1 : 3 }),
    );
    const [group] = summaryOf(times).groups;
    expect(group).toMatchObject({ seconds: { median: 50, p90: 90 }, iterations: { median: 1, p90: 3 } });
  });

  it('a case that broke counts as broken until there is a result of it, and is told all the same', () => {
    const lost = summaryOf([ran(), broke({ fault: 'bad-env' }), broke({ fault: 'bad-env' })]);
    expect(lost.groups[0]).toMatchObject({ n: 1, broken: 1 });
    const mended = summaryOf([broke(), ran()]);
    expect(mended.groups[0]).toMatchObject({ n: 1, broken: 0 });
    expect(mended.broke).toMatchObject([{ case: 'small-memory (plain)', ranAgain: true }]);
  });

  it('a group all of whose labs broke is there, without figures', () => {
    const { groups } = summaryOf([ran(), broke({ form: 'disguised' })]);
    expect(groups[1]).toMatchObject({ group: 'disguised', n: 0, broken: 1, causeAt1: { n: 0 } });
  });

  it('what is taken for what is counted over the misses alone', () => {
    const { confusion } = summaryOf([
      ran(),
      ran({ fault: 'a', ...wrong }),
      ran({ fault: 'b', ...wrong }),
      ran({ fault: 'healthy', trueKinds: [], ...wrong }),
      ran({ fault: 'c', ...wrong, named: null }),
    ]);
    expect(confusion.map(({ truth, named, cases }) => [truth, named, cases.length])).toEqual([
      ['aws-ecs.MemoryTooLow', 'github.CodeRegression', 2],
      ['nothing', 'github.CodeRegression', 1],
      ['aws-ecs.MemoryTooLow', 'nothing', 1],
    ]);
  });

  it('each miss is named with all that was wrong', () => {
    const { misses } = summaryOf([
      ran(),
      ran({ fault: 'bad-env', ...wrong, ...unfixed }),
      ran({ fault: 'three-hops', rightFix: false }),
      ran({ fault: 'leaky-release', asExpected: false, rightFix: false }),
      ran({ fault: 'healthy', falseActs: ['aws-ecs.scale'] }),
    ]);
    expect(misses.map(({ case: name, what }) => [name, ...what])).toEqual([
      ['bad-env (plain)', 'takes aws-ecs.MemoryTooLow for github.CodeRegression', 'Escalated, not Fixed'],
      ['three-hops (plain)', 'healed by aws-ecs.update-task-definition'],
      ['leaky-release (plain)', 'Fixed, but an onlooker saw 40 requests: 40 x 201; p95 90 ms'],
      ['healthy (plain)', 'acted where it must not: aws-ecs.scale'],
    ]);
  });
});

describe('the page', () => {
  const page = (...results: Parameters<typeof summaryOf>[0]): string => pageOf(summaryOf(results), provenance);

  it('says of how many cases its figures are, and which engines were not run', () => {
    const text = page(ran(), ran({ fault: 'bad-env', ...wrong }));
    expect(text).toMatch(/\| sessions \| 2 of \d+ \|/);
    expect(text).toContain(
      '| right cause at 1, diagnosis that its fix was chosen by | 0.50 (1/2; 0.10-0.91) | not run | not run | not run |',
    );
    expect(text).toContain('| right cause at 1, first diagnosis | 1.00 (2/2; 0.34-1.00) | not run |');
    expect(text).toContain('Claude was not run: there is no key.');
    expect(text).toContain('|  | plain | disguised | hard set | second set |');
  });

  it('has no figure where there is nothing to count', () => {
    expect(page(ran(), broke({ form: 'disguised' }))).toMatch(/\| right cause at 3 \| 1\.00 [^|]*\| - \| not run \|/);
    expect(page(ran({ acts: [] }))).toContain('| useless acts | - |');
  });

  it('tells misses, confusions and broken labs, or that there are none', () => {
    const bad = page(ran({ ...wrong }), broke({ fault: 'bad-env', message: 'no\nroom | left' }));
    expect(bad).toContain('| Causal | aws-ecs.MemoryTooLow | github.CodeRegression | small-memory (plain) |');
    expect(bad).toContain('| Causal | bad-env (plain) | no | no |');
    const good = page(ran());
    expect(good).toContain('No cause was taken for another one.');
    expect(good).not.toContain('Broken labs');
  });
});
