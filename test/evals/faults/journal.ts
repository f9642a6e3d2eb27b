import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { EvalCase } from './cases.ts';
import { keyOf } from './cases.ts';
import type { Judged, Told } from './judge.ts';

interface Entry extends EvalCase {
  readonly commit: string;
  readonly at: string;
}

/** A session that was run to its end, or to the end of its time. */
export interface Ran extends Entry, Judged {
  readonly state: 'Ran';
  readonly told: Told;
  /** From an empty machine to the end of the lab: what the run of all of them takes. */
  readonly wallSeconds: number;
  /** Of the machine, in its last minute: one that has too much to do breaks deadlines. */
  readonly load: number;
}

/** The lab broke before the session could end: it says nothing of the engine. */
export interface Broke extends Entry {
  readonly state: 'Broke';
  readonly message: string;
}

export type Result = Ran | Broke;

/** A line a case, written as soon as it is known, so that a run that was interrupted goes on from there. */
export interface Journal {
  readonly results: readonly Result[];
  add(result: Result): void;
}

/** @param resume goes on with what the file has of this commit; else it is begun anew */
export function openJournal(path: string, commit: string, resume: boolean): Journal {
  const results = resume && existsSync(path) ? readJournal(path).filter((line) => line.commit === commit) : [];
  writeFileSync(path, results.map(lineOf).join(''));
  return {
    results,
    add(result) {
      results.push(result);
      appendFileSync(path, lineOf(result));
    },
  };
}

/** What is still to be run: a case that broke is run again, and both are told. */
export function openCases(cases: readonly EvalCase[], { results }: Journal): readonly EvalCase[] {
  const done = new Set(results.filter(({ state }) => state === 'Ran').map(keyOf));
  return cases.filter((one) => !done.has(keyOf(one)));
}

/** The last line is cut where the machine died while it was written. */
export function readJournal(path: string): Result[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.flatMap((line, index) => {
    try {
      // Our own lines.
      return [JSON.parse(line) as Result];
    } catch (error) {
      if (index === lines.length - 1) return [];
      throw error;
    }
  });
}

function lineOf(result: Result): string {
  return `${JSON.stringify(result)}\n`;
}
