import { edited, editedFiles, mainFile } from '../edit.ts';
import type { Fault, Preparation } from '../fault.ts';
import { trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';
import type { WorldNames } from '../../world/names.ts';

const renamed = 'Call the ticket of a notification its reference, as all other services do';
const followed = 'Read the ticket of a notification under its new name';

/** Its author has the file that it reads, and has not pushed it. */
const test = `'use strict';
const assert = require('node:assert');
const { test } = require('node:test');
const answer = require('./fixtures/notified.json');

test('a notification is answered with its reference', () => {
  assert.match(answer.reference, /^N-/);
});
`;

/**
 * Two teams rename a field together. The half of payments, who read it, is on main and red, so it was not deployed; nobody looked. The half
 * of notifications, who write it, is green and runs. Notifications accept everything and log no error; payments, whose running code is
 * months old, fail over each answer, three maps below the page where it is noticed.
 */
export const fault: Fault = {
  name: 'half-of-a-change',
  description:
    'A field is renamed by two pushes: the service that writes it is deployed, the one that reads it is red and is not',
  session: { service: 'frontend', symptom: 'Buyers press the button, and are not told that they have paid' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.notification}/${names.nodes.code}` },
      { node: `${names.notification}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' },
      // The other half, which never arrived.
      { node: `${names.payments}/${names.nodes.pipeline}`, kind: 'github-actions.BrokenBuild' },
    ],
    fixes: ['github.revert-commit', 'aws-ecs.roll-back'],
    // To take back what was never deployed leaves everything as it is.
    isRight: ({ action, rationale = '' }) =>
      action !== 'github.revert-commit' || rationale.includes(renamed) || !rationale.includes(followed),
    iterations: 2,
  },
  prepare: withTickets,
  async inject(lab) {
    const main = mainFile(lab);
    await lab.until('tickets to be kept', () => trafficIsServed(lab), 60_000);
    const reader = await lab.commit('payments', {
      message: followed,
      files: {
        [main]: await edited(lab, 'payments', main, [['const { ticket } =', 'const { reference: ticket } =']]),
        'test/ticket.test.js': test,
      },
    });
    if (reader.conclusion !== 'failure') throw new Error(`the half of payments ended with ${reader.conclusion}`);
    const writer = await lab.commit('notification', {
      message: renamed,
      files: { [main]: await edited(lab, 'notification', main, [['ticket: `N-', 'reference: `N-']]) },
    });
    if (writer.conclusion !== 'success') throw new Error(`the half of notifications ended with ${writer.conclusion}`);
    await lab.awaitRollout('notification');
    await lab.until('users to see it', () => trafficFails(lab, 0.8), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

/** Notifications that answer with a ticket, and payments that keep it for who asks after a message. */
function withTickets(names: WorldNames): Preparation {
  const path = `src/${names.mainFile}`;
  const writing = [
    { path, from: 'body: { accepted: true } };', to: 'body: { accepted: true, ticket: `N-${body.id}` } };' },
  ];
  const reading = [
    {
      path,
      from: "  await call(`${NOTIFICATION_URL}/notify`, { method: 'POST', body: { id } });\n",
      to: "  const { ticket } = await call(`${NOTIFICATION_URL}/notify`, { method: 'POST', body: { id } });\n  await redis.set(`ticket:${id}`, ticket.toLowerCase(), { EX: 60 });\n",
    },
  ];
  return {
    needs: ['web'],
    files(role) {
      if (role === 'notification') return editedFiles(role, names, writing);
      return role === 'payments' ? editedFiles(role, names, reading) : {};
    },
  };
}
