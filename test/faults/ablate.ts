/**
 * `npm run ablate`: for each skill, the faults that are no longer diagnosed from their stored evidence once its output is taken out: the
 * table in docs/faults.md.
 * `npm run ablate -- --skill NAME --fault NAME`: the same live, with a lab whose maps do not know the skill.
 * Exits with 1 when a live run ends as it does with the skill.
 */
import { parseArgs } from 'node:util';
import { skills } from '../../skills/catalogue.ts';
import { faultNamed } from '../lab/faults/catalogue.ts';
import { runFault } from '../lab/host/run-fault.ts';
import { lostWithout, rowOf } from './ablation.ts';

const { values } = parseArgs({ options: { skill: { type: 'string' }, fault: { type: 'string' } } });
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error(signal)));
process.exitCode = await (values.fault === undefined ? replayed() : live(values.fault, values.skill ?? ''));

async function replayed(): Promise<number> {
  const chosen = skills.filter(({ id }) => values.skill === undefined || id === values.skill);
  for (const { id } of chosen) console.log(rowOf(id, await lostWithout(id)));
  return 0;
}

async function live(name: string, without: string): Promise<number> {
  const known = skills.map(({ id }) => id);
  if (!known.includes(without)) throw new Error(`no skill is called ${without}: ${known.join(', ')}`);
  const { outcome, causeIsTrue, asExpected, rootCause } = await runFault(faultNamed(name), {
    signal: stop.signal,
    without,
  });
  const cause = rootCause === null || rootCause === undefined ? 'no cause' : `${rootCause.kind} at ${rootCause.node}`;
  const solved = asExpected && causeIsTrue;
  console.log(`${name} without ${without}: ${outcome}, ${cause}; ${solved ? 'as with it' : 'not solved'}`);
  return solved ? 1 : 0;
}
