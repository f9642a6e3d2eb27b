import { setTimeout as delay } from 'node:timers/promises';
import { edited, mainFile } from '../edit.ts';
import type { Fault } from '../fault.ts';
import { trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';

/** Milliseconds that a session with the carrier is good for. */
const goodForMs = 5000;
/** Milliseconds that the carrier goes on being closed once users have noticed: longer than any session. */
const closedMs = 8000;
/** Milliseconds that it has been open again for when somebody is asked. */
const openMs = 15_000;

const session = `'use strict';
const { call } = require('../lib/call.js');

const { CARRIER_URL } = process.env;
/** The carrier ends a session by itself after some time. */
const goodForMs = ${goodForMs};

let opened;

/** A session serves all messages while it is good, so that the carrier is not asked for one each time. */
function session() {
  opened ??= open();
  return opened;
}

async function open() {
  const answer = await call(\`\${CARRIER_URL}/sessions\`, { method: 'POST', body: {} });
  setTimeout(() => {
    opened = undefined;
  }, goodForMs).unref();
  return answer;
}

module.exports = { session };
`;

/**
 * A release keeps the promise of a session, and with it, should it come to that, the promise that was broken: only one that was kept is ever
 * forgotten. All is well until the carrier is closed for a few seconds. It is open again, answers whoever asks, and is not asked any more:
 * each message fails at once with the words that the carrier said then.
 */
export const fault: Fault = {
  name: 'remembers-a-refusal',
  description:
    'A release keeps the failed promise of a session for ever: a carrier that was closed for seconds is still blamed for all errors',
  session: {
    service: 'gateway',
    symptom: 'Checkouts have failed since the carrier was closed for a moment; the carrier says that it is open again',
  },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.notification}/${names.nodes.code}` },
      // What holds the refusal is the task that runs.
      { node: `${names.notification}/${names.nodes.compute}` },
    ],
    // Without the release it cannot happen; new tasks remember nothing, which serves users as well.
    fixes: ['github.revert-commit', 'aws-ecs.roll-back', 'aws-ecs.force-new-deployment', 'github-actions.dispatch'],
    iterations: 2,
  },
  prepare: () => ({ needs: ['carrier'] }),
  async inject(lab) {
    const main = mainFile(lab);
    const { conclusion } = await lab.commit('notification', {
      message: 'Hand messages to the carrier within a session',
      files: {
        'src/session.js': session,
        [main]: await edited(lab, 'notification', main, [
          [
            "require('../lib/metrics.js');\n",
            "require('../lib/metrics.js');\nconst { session } = require('./session.js');\n",
          ],
          ['{ ...notification, receipt }', '{ ...notification, receipt, session: await session() }'],
        ]),
      },
    });
    if (conclusion !== 'success') throw new Error(`the release of notifications ended with ${conclusion}`);
    await lab.awaitRollout('notification');
    await lab.until('sessions to do no harm', () => trafficIsServed(lab), 60_000);
    lab.progress('the carrier is closed for a moment');
    lab.carrier?.answer({ status: 503, body: '{"error":"closed for a moment"}' });
    await lab.until('users to notice', () => trafficFails(lab, 0.5));
    await delay(closedMs, undefined, { signal: lab.signal });
    lab.carrier?.answer({ body: '{"accepted":true}' });
    await delay(openMs, undefined, { signal: lab.signal });
    await lab.until('users to be refused although the carrier is open', () => trafficFails(lab, 0.9, 3000));
  },
  healed: (lab) => usersAreServed(lab),
};
