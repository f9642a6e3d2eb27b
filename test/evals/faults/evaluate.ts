import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine } from '../../bench/machine.ts';
import { UsageError } from '../../bench/usage-error.ts';
import { run } from '../../lab/parts/run.ts';
import { casesOf, keyOf } from './cases.ts';
import { availableEngines } from './engines.ts';
import { openCases, openJournal, type Result } from './journal.ts';
import { runAll } from './lanes.ts';
import type { LiveOptions } from './options.ts';
import { pageOf } from './page.ts';
import { summaryOf, type Summary } from './summary.ts';

const progress = (line: string): void => console.error(line);

/** Runs what is asked for and writes the page. Answers the exit code. @throws UsageError, NothingMeasured */
export async function evaluate(options: LiveOptions, signal: AbortSignal): Promise<number> {
  const { engines, notRun } = availableEngines(process.env, options.engines);
  for (const [engine, why] of Object.entries(notRun)) progress(`${engine} is not run: ${why}`);
  const cases = casesOf({ ...options, engines });
  const commit = await commitOf(signal);
  if (options.resume && commit.endsWith(changed))
    throw new UsageError(`--resume needs a commit: there are changes that no commit has`);
  mkdirSync(options.out, { recursive: true });
  const [about = ''] = await machine(signal);
  const journal = openJournal(join(options.out, 'evals.jsonl'), commit, options.resume);
  const open = openCases(cases, journal);
  progress(`${open.length} of ${cases.length} cases are to be run`);
  let ended = 0;
  const add = (result: Result): void => {
    journal.add(result);
    ended += 1;
    progress(`${ended}/${open.length} ${told(result)}`);
  };
  await runAll(open, { labs: options.labs, commit, signal, add });
  // In which order they ended is chance.
  const results = journal.results.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));
  const summary = summaryOf(results);
  const provenance = { commit, date: new Date().toISOString().slice(0, 10), machine: about, notRun };
  write(options.out, summary, provenance, results);
  progress(`written to ${options.out}`);
  return summary.groups.some(({ broken }) => broken > 0) ? 1 : 0;
}

const changed = ' and changes';

/** A result of changed sources is nobody's: it is marked, and not gone on with. */
async function commitOf(signal: AbortSignal): Promise<string> {
  const sources = ['controller', 'skills', 'test', 'crds', 'package-lock.json'];
  const commit = (await run('git', ['rev-parse', '--short=12', 'HEAD'], { signal })).trim();
  const status = await run('git', ['status', '--porcelain', '--', ...sources], { signal });
  return status.trim() === '' ? commit : `${commit}${changed}`;
}

function told(result: Result): string {
  const about = `${result.engine} ${result.fault} (${result.form})`;
  if (result.state === 'Broke') return `${about}: the lab broke: ${result.message.split('\n')[0]}`;
  const { outcome, asExpected, causeAt1, named, iterations, seconds, wallSeconds } = result;
  const cause = causeAt1 ? 'right cause' : `wrong cause (${named ?? 'none'})`;
  return `${about}: ${outcome}${asExpected ? '' : ' (wrong)'}, ${cause}, ${iterations} iterations, ${seconds} s of ${wallSeconds} s`;
}

function write(
  out: string,
  summary: Summary,
  provenance: Parameters<typeof pageOf>[1],
  results: readonly Result[],
): void {
  // What they were judged by is the journal's.
  const cases = results.flatMap((result) => (result.state === 'Ran' ? [{ ...result, told: undefined }] : []));
  const json = { ...provenance, ...summary, cases };
  writeFileSync(join(out, 'evals.json'), `${JSON.stringify(json, undefined, 1)}\n`);
  writeFileSync(join(out, 'evals.md'), pageOf(summary, provenance));
}
