import { edited, editedFiles, mainFile } from '../edit.ts';
import type { Fault, Preparation } from '../fault.ts';
import { allHold, trafficFails, usersAreServed } from '../judge.ts';
import { backlogIsSmall, waiting } from '../queue.ts';
import type { WorldNames } from '../../world/names.ts';

/** Messages that payments let wait; at four a second it takes more than a minute until so many do. */
const maxBacklog = 200;
/** Messages that wait when the gateway is deployed: long after the change, and long before users see anything. */
const underWay = 80;

const inSeconds = 'Give time limits in seconds, as the handbook has it';
const decoy = 'Say for how long a task has been up';

/**
 * A file of settings is brought in line with the handbook, and its reader was not: from then on the worker gives its database two
 * milliseconds to let it in, and nobody is that fast. The database is well, payments are well, and for a minute so are users. By the time
 * they are refused the gateway, where it is noticed, has been deployed as well, and that release does nothing.
 */
export const fault: Fault = {
  name: 'seconds-for-milliseconds',
  description:
    'A tidied setting gives the worker 2 ms to reach its database; users see it a minute later, after a harmless release of the gateway',
  session: {
    service: 'gateway',
    symptom: 'Checkouts are answered with 502, and the gateway was deployed right before',
  },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.settlement}/${names.nodes.code}` },
      { node: `${names.settlement}/${names.nodes.settings}` },
      // Of the worker, whose revision before is well.
      { node: `${names.settlement}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' },
    ],
    fixes: ['github.revert-commit', 'aws-ecs.roll-back', 'code-editor.set-number'],
    isRight: ({ rationale = '' }) => !rationale.includes(decoy),
    iterations: 2,
  },
  prepare: patientPayments,
  async inject(lab) {
    const path = `config/${lab.names.settingsFile}`;
    const settings = await edited(lab, 'settlement', path, [['"connectTimeoutMs": 2000', '"connectTimeoutMs": 2']]);
    const changed = await lab.commit('settlement', { message: inSeconds, files: { [path]: settings } });
    if (changed.conclusion !== 'success') throw new Error(`the change ended with ${changed.conclusion}`);
    await lab.awaitRollout('settlement');
    await lab.until('the backlog to grow', async () => (await waiting(lab)) > underWay, 120_000);
    const main = mainFile(lab);
    const source = await edited(lab, 'gateway', main, [
      ['body: { ok: true }', 'body: { ok: true, upSeconds: Math.round(process.uptime()) }'],
    ]);
    const released = await lab.commit('gateway', { message: decoy, files: { [main]: source } });
    if (released.conclusion !== 'success')
      throw new Error(`the release of the gateway ended with ${released.conclusion}`);
    await lab.awaitRollout('gateway');
    await lab.until('users to see it', () => trafficFails(lab, 0.3), 120_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
    ),
};

function patientPayments(names: WorldNames): Preparation {
  const path = `config/${names.settingsFile}`;
  const edits = [{ path, from: '"maxBacklog": 60', to: `"maxBacklog": ${maxBacklog}` }];
  return { files: (role) => (role === 'payments' ? editedFiles(role, names, edits) : {}) };
}
