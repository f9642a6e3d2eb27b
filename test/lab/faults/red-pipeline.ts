import type { Lab } from '../world/lab.ts';
import type { WorldNames } from '../world/names.ts';
import type { Fault, Judgement } from './fault.ts';
import { backlogSource, isMended, mendedBacklog, mendMessage, prepareForgetfulPayments } from './handed-over.ts';
import { allHold, trafficFails, usersAreServed } from './judge.ts';

const settingsPath = (names: WorldNames): string => `config/${names.settingsFile}`;

/**
 * The program counts what it hands over and forgets that it is settled, so after a while it refuses every payment. The commit that
 * mends it is on main, and so is one that no test run passes: both came with one push, whose pipeline is red, and nothing was deployed.
 */
export const fault: Fault = {
  name: 'red-pipeline',
  description: 'The last change fails in CI every time, so what was merged with it never reached ECS',
  session: {
    service: 'payments',
    symptom: 'Checkouts are refused because of a backlog that is not there; the mend was merged and changed nothing',
  },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.pipeline}`, kind: 'github-actions.BrokenBuild' }],
    fixes: ['github.revert-commit'],
    iterations: 1,
  },
  prepare: prepareForgetfulPayments,
  async inject(lab) {
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
    await mend(lab);
    const { conclusion } = await breakBuild(lab);
    if (conclusion !== 'failure') throw new Error(`the broken build ended with ${conclusion}`);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => runsTheMendAlone(lab),
    ),
};

/** Pushed together with the next one: no run of its own. */
function mend(lab: Lab): Promise<string> {
  return lab.forge.commit(lab.repository('payments'), {
    message: mendMessage,
    files: mendedBacklog(lab),
    author: { name: 'Dana Developer', email: 'dana@lab.localhost' },
    runWorkflows: false,
  });
}

/** Half a renaming: the settings say the new name, the program and its test the old one. */
async function breakBuild(lab: Lab): ReturnType<Lab['commit']> {
  const path = settingsPath(lab.names);
  const settings = await lab.readFile('payments', path);
  return lab.commit('payments', {
    message: 'Call the limit of the backlog what operations calls it',
    files: { [path]: settings.replace('"maxBacklog"', '"backlogLimit"') },
  });
}

/** The running commit has the mend and not the half renaming, and is a session's, not main. */
async function runsTheMendAlone(lab: Lab): Promise<Judgement> {
  const sha = await lab.runningSha('payments');
  if (sha === undefined) return { healed: false, seen: 'no task of the newest deployment runs' };
  const [code, settings] = await Promise.all([
    lab.readFile('payments', backlogSource, sha),
    lab.readFile('payments', settingsPath(lab.names), sha),
  ]);
  const healed = isMended(code) && settings.includes('"maxBacklog"');
  return { healed, seen: `${sha.slice(0, 7)} runs, ${healed ? 'with the mend alone' : 'which is not the mend alone'}` };
}
