import { commitDefinition } from '../definition.ts';
import { edited, mainFile } from '../edit.ts';
import type { Fault } from '../fault.ts';
import { trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';
import type { Lab } from '../../world/lab.ts';

/** Milliseconds that the carrier takes on any day, and that a call of it is given by the one commit that matters. */
const carrierMs = 250;
const limitMs = 200;

const versioned = 'Say which version answers';
const limited = 'Keep to the time limit that the platform team recommends for calls';
const counted = 'Count what could not be handed over';
const seldom = 'Ask for health a little less often';
const innocent = [versioned, counted, seldom];

/**
 * Four developers push within a minute, each push is deployed, and only the second one harms: it takes less for a time limit than the
 * carrier needs on a good day. The carrier is as well as ever, and it is the one that the errors name. The third push touches the very
 * function that the stack trace leads through, the fourth one changes the task definition. The revision before the one that runs is bad
 * as well, and so is the one before that.
 */
export const fault: Fault = {
  name: 'four-in-a-row',
  description:
    'Four pushes of one minute, two services below the symptom: the second one gives up on a carrier that is well',
  session: { service: 'gateway', symptom: 'No checkout goes through since a few minutes ago' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.notification}/${names.nodes.code}` },
      // Where an earlier revision than the last three is put back.
      { node: `${names.notification}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' },
    ],
    fixes: ['github.revert-commit', 'aws-ecs.roll-back'],
    isRight: ({ action, rationale = '' }) =>
      action !== 'github.revert-commit' ||
      rationale.includes(limited) ||
      !innocent.some((one) => rationale.includes(one)),
    iterations: 2,
  },
  prepare: () => ({ needs: ['carrier'] }),
  async inject(lab) {
    lab.carrier?.answer({ body: '{"accepted":true}', delayMs: carrierMs });
    await lab.until('the carrier to be as slow as always', () => trafficIsServed(lab));
    await sayVersion(lab);
    await limitCalls(lab);
    await countRefused(lab);
    await askSeldom(lab);
    await lab.until('users to be refused', () => trafficFails(lab, 0.5), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

async function push(lab: Lab, message: string, files: Readonly<Record<string, string>>): Promise<void> {
  const { conclusion } = await lab.commit('notification', { message, files });
  if (conclusion !== 'success') throw new Error(`the pipeline of "${message}" ended with ${conclusion}`);
}

async function sayVersion(lab: Lab): Promise<void> {
  const main = mainFile(lab);
  await push(lab, versioned, {
    'package.json': await edited(lab, 'notification', 'package.json', [['"1.0.0"', '"1.1.0"']]),
    [main]: await edited(lab, 'notification', main, [
      ['let sent = 0;\n', "const { version } = require('../package.json');\nlet sent = 0;\n"],
      ['{ ok: true, sent }', '{ ok: true, sent, version }'],
    ]),
  });
}

async function limitCalls(lab: Lab): Promise<void> {
  const path = 'lib/call.js';
  await push(lab, limited, {
    [path]: await edited(lab, 'notification', path, [['timeoutMs = 3000', `timeoutMs = ${limitMs}`]]),
  });
}

async function countRefused(lab: Lab): Promise<void> {
  const main = mainFile(lab);
  await push(lab, counted, {
    [main]: await edited(lab, 'notification', main, [
      [
        'handedOver.add({}, 0);\n',
        "handedOver.add({}, 0);\nconst refused = counter('notifications_refused_total', 'Notifications that their carrier did not take.');\nrefused.add({}, 0);\n",
      ],
      [
        '    await hand(body);\n',
        '    await hand(body).catch((error) => {\n      refused.add();\n      throw error;\n    });\n',
      ],
    ]),
  });
}

async function askSeldom(lab: Lab): Promise<void> {
  const { conclusion } = await commitDefinition(lab, 'notification', seldom, (container) => ({
    ...container,
    healthCheck: { ...container.healthCheck, command: container.healthCheck?.command, interval: 15 },
  }));
  if (conclusion !== 'success') throw new Error(`the pipeline of "${seldom}" ended with ${conclusion}`);
}
