import { edited, editedFiles, mainFile } from '../edit.ts';
import type { Fault, Preparation } from '../fault.ts';
import { trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';
import type { WorldNames } from '../../world/names.ts';

/** Two teams, one cache and no prefixes. */
const key = 'tally:today';

/** Gone a moment after its program: nobody has to clean up. */
const board = `'use strict';
const { createClient } = require('redis');
const { log } = require('../lib/log.js');

const everyMs = 1000;
const redis = createClient({ url: process.env.REDIS_URL });
redis.on('error', (error) => log('error', \`redis: \${error.message}\`));

/** Shows what was sent today on the board in the office, which reads it from the cache. */
async function showOnBoard(sentToday) {
  await redis.connect();
  const show = () => redis.set('${key}', JSON.stringify({ sent: sentToday() }), { EX: 3 });
  setInterval(() => show().catch((error) => log('error', \`board: \${error.message}\`)), everyMs).unref();
}

module.exports = { showOnBoard };
`;

/**
 * Payments count in a hash of the cache. A release of notifications, which have never used the cache and whose map does not have it,
 * writes a text under the same key each second. The cache is well, payments have not changed, and notifications do what they should.
 */
export const fault: Fault = {
  name: 'overwritten-tally',
  description:
    'A release of notifications writes a text under the key of the cache where payments keep a hash: all payments fail',
  session: { service: 'payments', symptom: 'Every payment fails with an error about a wrong kind of value' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.notification}/${names.nodes.code}` },
      { node: `${names.notification}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' },
    ],
    fixes: ['github.revert-commit', 'aws-ecs.roll-back'],
    iterations: 2,
  },
  prepare: prepared,
  async inject(lab) {
    await lab.until('payments to be counted', async () => (await lab.cache(['TYPE', key])) === 'hash');
    await lab.until('some healthy traffic', () => trafficIsServed(lab), 60_000);
    const main = mainFile(lab);
    await lab.commit('notification', {
      message: 'Show on the board in the office what was sent today',
      files: {
        'src/board.js': board,
        [main]: await edited(lab, 'notification', main, [
          [
            "require('../lib/metrics.js');\n",
            "require('../lib/metrics.js');\nconst { showOnBoard } = require('./board.js');\n",
          ],
          ['let sent = 0;\n', 'let sent = 0;\nvoid showOnBoard(() => sent);\n'],
        ]),
      },
    });
    await lab.awaitRollout('notification');
    await lab.until('users to see it', () => trafficFails(lab, 0.8), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

/** Payments that have always counted what they take in. */
function prepared(names: WorldNames): Preparation {
  const path = `src/${names.mainFile}`;
  const edits = [
    {
      path,
      from: '  await queue.send({',
      to: `  await redis.hIncrBy('${key}', 'taken', 1);\n  await queue.send({`,
    },
  ];
  return { files: (role) => (role === 'payments' ? editedFiles(role, names, edits) : {}) };
}
