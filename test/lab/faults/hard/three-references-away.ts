import { badRelease } from '../bad-release.ts';
import type { WorldNames } from '../../world/names.ts';
import { edited } from '../edit.ts';
import type { Fault, Preparation } from '../fault.ts';
import { allHold, trafficFails, usersAreServed } from '../judge.ts';
import { backlogGrows, backlogIsSmall, busy } from '../queue.ts';
import { repositoryFiles, usualDefinitions } from '../../world/repositories.ts';

/** Twice a second, as long as anybody remembers: an error with a stack trace, and nobody is the worse for it. */
const noise = `
setInterval(() => {
  const { stack } = new Error('a page of rates is stale');
  log('error', 'a page of rates is stale and is read again', { stack });
}, 500);
`;

/**
 * Reported on the page, whose map refers to the gateway's, which refers to that of payments, which refers to the worker's. The worker
 * runs, is healthy and says nothing: a setting has it do nothing. Payments in the middle are full of errors that mean nothing.
 */
export const fault: Fault = {
  name: 'three-references-away',
  description:
    'A setting leaves the worker, three maps away from the symptom, without anything that works; payments are noisy',
  session: { service: 'frontend', symptom: 'Buyers are told that the payment has failed' },
  expected: {
    ...badRelease('settlement', { fixes: ['github.revert-commit', 'aws-ecs.roll-back', 'code-editor.set-number'] }),
    causes: (names) => [
      { node: `${names.settlement}/${names.nodes.code}`, kind: 'github.CodeRegression' },
      { node: `${names.settlement}/${names.nodes.settings}` },
    ],
    iterations: 2,
  },
  prepare: noisyPayments,
  async inject(lab) {
    const path = `config/${lab.names.settingsFile}`;
    const settings = await edited(lab, 'settlement', path, [['"workers": 1', '"workers": 0']]);
    await lab.commit('settlement', { message: 'Let the new cluster do the work', files: { [path]: settings } });
    await lab.until('the backlog to grow', () => backlogGrows(lab), 60_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.3), 60_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
    ),
};

function noisyPayments(names: WorldNames): Preparation {
  const path = `src/${names.mainFile}`;
  const usual = repositoryFiles('payments', names, usualDefinitions(names).payments)[path] ?? '';
  return {
    needs: ['web'],
    requestsPerSecond: busy,
    files: (role) => (role === 'payments' ? { [path]: `${usual}${noise}` } : {}),
  };
}
