import type { Lab } from '../world/lab.ts';
import type { WorldNames } from '../world/names.ts';
import { repositoryFiles, usualDefinitions, variantFiles } from '../world/repositories.ts';
import type { Judgement, Preparation } from './fault.ts';

/** The file in which payments count what they hand over to the worker, and forget that it is settled: after a while they refuse everything. */
export const backlogSource = 'src/backlog.js';

export function prepareForgetfulPayments(names: WorldNames): Preparation {
  return { files: (role) => (role === 'payments' ? variantFiles('counts-what-it-sent', role, names) : {}) };
}

/** What the developers have written against it: the queue is asked how much waits. */
export function mendedBacklog({ names }: Lab): Readonly<Record<string, string>> {
  const usual = repositoryFiles('payments', names, usualDefinitions(names).payments);
  return { [backlogSource]: usual[backlogSource] ?? '' };
}

export const mendMessage = 'Ask the queue how much waits, instead of counting what was handed over';

export function isMended(code: string): boolean {
  return !code.includes('handedOver');
}

/** Main itself runs, or a session's branch from it. */
export async function runsMended(lab: Lab): Promise<Judgement> {
  const sha = await lab.runningSha('payments');
  if (sha === undefined) return { healed: false, seen: 'no task of the newest deployment runs' };
  const healed = isMended(await lab.readFile('payments', backlogSource, sha));
  return { healed, seen: `${sha.slice(0, 7)} runs, ${healed ? 'with' : 'without'} the mend` };
}
