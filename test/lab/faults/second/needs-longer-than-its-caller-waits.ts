import { edited, editedFiles, mainFile } from '../edit.ts';
import type { Fault, Preparation } from '../fault.ts';
import { trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';
import type { WorldNames } from '../../world/names.ts';
import { usualDefinitions } from '../../world/repositories.ts';

/** Milliseconds that payments have always waited for notifications, by their definition: many times what it took. */
const patience = '600';

/** Three questions, one after the other: 0.9 s. */
const register = `'use strict';
const { setTimeout: delay } = require('node:timers/promises');

const ways = ['mail', 'telephone', 'post'];
/** The register of addresses answers a question after so long. */
const answerMs = 300;

/** Whether a customer can be reached by a way. */
async function isListed() {
  await delay(answerMs);
  return true;
}

/** The ways in which a customer can be reached, as the register has them. */
async function waysTo(customer) {
  const known = [];
  for (const way of ways) if (await isListed(customer, way)) known.push(way);
  return known;
}

module.exports = { waysTo };
`;

/**
 * The release does what it should, without an error, and takes some time for it; a limit that nobody has touched for months, in the
 * definition of the one who calls, is less than that. The one who is slow logs nothing but successes.
 */
export const fault: Fault = {
  name: 'needs-longer-than-its-caller-waits',
  description:
    'A release makes notifications take 0.9 s, all of them accepted; payments give up after 0.6 s, as they always have',
  session: { service: 'gateway', symptom: 'Checkouts fail with 502, although customers get their messages' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.notification}/${names.nodes.code}` },
      { node: `${names.notification}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' },
      { node: `${names.payments}/${names.nodes.compute}`, kind: 'aws-ecs.BadEnvironment' },
    ],
    // The release goes, or its caller is given more patience: either is right.
    fixes: ['github.revert-commit', 'aws-ecs.roll-back', 'aws-ecs.update-task-definition'],
    iterations: 2,
  },
  prepare: prepared,
  async inject(lab) {
    await lab.until('the usual patience to be enough', () => trafficIsServed(lab), 60_000);
    const main = mainFile(lab);
    await lab.commit('notification', {
      message: 'Choose the way to a customer by the register of addresses',
      files: {
        'src/register.js': register,
        [main]: await edited(lab, 'notification', main, [
          [
            "require('../lib/metrics.js');\n",
            "require('../lib/metrics.js');\nconst { waysTo } = require('./register.js');\n",
          ],
          ['    await hand(body);', '    await hand({ ...body, ways: await waysTo(body.id) });'],
        ]),
      },
    });
    await lab.awaitRollout('notification');
    await lab.until('users to see it', () => trafficFails(lab, 0.5), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

/** Payments that wait as long as their definition says. */
function prepared(names: WorldNames): Preparation {
  const usual = usualDefinitions(names);
  const environment = { ...usual.payments.environment, NOTIFY_TIMEOUT_MS: patience };
  const path = `src/${names.mainFile}`;
  const edits = [
    {
      path,
      from: 'const { NOTIFICATION_URL, REDIS_URL }',
      to: 'const { NOTIFICATION_URL, NOTIFY_TIMEOUT_MS, REDIS_URL }',
    },
    {
      path,
      from: "await call(`${NOTIFICATION_URL}/notify`, { method: 'POST', body: { id } });",
      to: "const timeoutMs = Number(NOTIFY_TIMEOUT_MS);\n  await call(`${NOTIFICATION_URL}/notify`, { method: 'POST', body: { id }, timeoutMs });",
    },
  ];
  return {
    definitions: { ...usual, payments: { ...usual.payments, environment } },
    files: (role) => (role === 'payments' ? editedFiles(role, names, edits) : {}),
  };
}
