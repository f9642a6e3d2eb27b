import { existsSync } from 'node:fs';
import { faultNamed } from '../../lab/faults/catalogue.ts';
import { namesOf } from './cases.ts';
import { readJournal, type Ran, type Result } from './journal.ts';
import { judgedOf } from './judge.ts';
import { pageOf } from './page.ts';
import { NothingMeasured, summaryOf } from './summary.ts';

/** The page of a journal whose sessions are judged once more, by the judges of today. @throws NothingMeasured */
export function pageAgain(path: string): string {
  if (!existsSync(path)) throw new NothingMeasured();
  const results = readJournal(path);
  const commits = [...new Set(results.map(({ commit }) => commit))].join(', ');
  const date = results.at(-1)?.at.slice(0, 10) ?? '';
  return pageOf(summaryOf(judgedAgain(results)), { commit: commits, date, machine: 'judged again', notRun: {} });
}

/** A line that holds no more than its verdicts, as those of earlier versions, cannot be judged and is left out. */
export function judgedAgain(results: readonly Result[]): readonly Result[] {
  return results.flatMap((one): readonly Result[] => (one.state === 'Broke' ? [one] : hasAll(one) ? [again(one)] : []));
}

function hasAll({ told }: Partial<Ran>): boolean {
  return told !== undefined;
}

function again(one: Ran): Ran {
  const about = { fault: faultNamed(one.fault), names: namesOf(one.form), engine: one.engine };
  return { ...one, ...judgedOf(about, one.told) };
}
