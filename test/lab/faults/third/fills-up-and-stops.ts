import { setTimeout as delay } from 'node:timers/promises';
import { edited, mainFile } from '../edit.ts';
import type { Fault } from '../fault.ts';
import { noteWell, wellAndUntouched } from '../untouched.ts';

/** Payments that are kept at hand, and KiB of each: 20 MiB after forty seconds, where a task has more than that to spare. */
const most = 160;
const kibibytes = 128;
/** Milliseconds after which somebody looks: the last half of them nothing has grown. */
const lookedAtMs = 90_000;

const latest = `'use strict';

/** So many are at hand; the next one is written over the oldest. */
const most = ${most};
/** A payment and the papers that come with it. */
const sheetBytes = ${kibibytes} * 1024;

const sheets = [];
let next = 0;

function keep(payment) {
  sheets[next] ??= Buffer.alloc(sheetBytes);
  sheets[next].fill(' ').write(JSON.stringify(payment));
  next = (next + 1) % most;
}

function latest() {
  return sheets.map((sheet) => JSON.parse(sheet.toString()));
}

module.exports = { keep, latest };
`;

/**
 * A release keeps the latest payments at hand, so many and no more. Memory climbs in a straight line from the release on, and whoever sees
 * the first half of it sees a leak. The second half is level, no task has died, and users are served as they were.
 */
export const fault: Fault = {
  name: 'fills-up-and-stops',
  description:
    'Memory climbs after a release as if it leaked, until what is kept is full, and stays there: all is well',
  session: {
    service: 'payments',
    symptom: 'Memory of payments has climbed ever since the last release, and somebody fears that it leaks',
  },
  expected: { outcome: 'NoFaultFound', causes: () => [], fixes: [], iterations: 1 },
  async inject(lab) {
    const main = mainFile(lab);
    const { conclusion } = await lab.commit('payments', {
      message: 'Have the latest payments at hand for who asks after one',
      files: {
        'src/latest.js': latest,
        [main]: await edited(lab, 'payments', main, [
          [
            "require('./database.js');\n",
            "require('./database.js');\nconst { keep, latest } = require('./latest.js');\n",
          ],
          ['  await queue.send(', '  keep({ id, amount: body.amount, reference });\n  await queue.send('],
          ["    'GET /summary':", "    'GET /latest': () => ({ status: 200, body: latest() }),\n    'GET /summary':"],
        ]),
      },
    });
    if (conclusion !== 'success') throw new Error(`the release ended with ${conclusion}`);
    await lab.awaitRollout('payments');
    await delay(lookedAtMs, undefined, { signal: lab.signal });
    const stopped = await lab.stoppedTasks('payments');
    if (stopped.some((task) => task.containers?.[0]?.exitCode === 137)) throw new Error('a task has died');
    await noteWell(lab);
  },
  healed: wellAndUntouched,
};
