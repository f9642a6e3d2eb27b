import { allowDowntime } from '../definition.ts';
import { edited, editedFiles } from '../edit.ts';
import type { Fault, Preparation } from '../fault.ts';
import { allHold, trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';
import { ledgerMoves } from '../ledger.ts';
import { backlogGrows, backlogIsSmall, busy } from '../queue.ts';
import type { Lab } from '../../world/lab.ts';
import type { WorldNames } from '../../world/names.ts';

const calendarFile = 'config/calendar.json';
const year = new Date().getFullYear();
/** The last day of a calendar, as the bank has always written it and as it does now. */
const until = { before: `${year + 1}-12-31`, now: `31/12/${year + 2}` };

/** Milliseconds between two errors of notifications, which nobody has ever missed anything for. */
const noiseEveryMs = 3000;

const calendar = `'use strict';
const { validUntil, closedOn } = require('../config/calendar.json');

const dayMs = 86_400_000;
const lastDay = Date.parse(validUntil);

/** Whether the bank posts on a day: its calendar reaches it, and it is neither a Sunday nor a holiday. */
function isOpen(day) {
  const date = new Date(day);
  return day <= lastDay && date.getUTCDay() !== 0 && !closedOn.includes(date.toISOString().slice(5, 10));
}

/** The first day from this one on that the bank posts on. */
function bankingDay(from) {
  let day = from;
  while (!isOpen(day)) day += dayMs;
  return day;
}

module.exports = { bankingDay };
`;

/**
 * A file of data is replaced by that of another year, whose last day is written the other way round and is no date to the program: it looks
 * for the next banking day for ever, on the one thread that it has. It answers no health check and no SIGTERM, and is killed, which
 * gives 137 with memory to spare; the next task does the same. It logs nothing but that it listens. Notifications have always logged an
 * error now and then, which means nothing.
 */
export const fault: Fault = {
  name: 'calendar-without-end',
  description:
    'A new calendar has its date in another format: the worker loops for ever on it, and is killed with 137 again and again',
  session: { service: 'gateway', symptom: 'Most checkouts are answered with 502, and have been for some minutes' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.settlement}/${names.nodes.code}` },
      { node: `${names.settlement}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' },
    ],
    // More memory does nothing for it.
    fixes: ['github.revert-commit', 'aws-ecs.roll-back'],
    iterations: 2,
  },
  prepare: keepingToTheCalendar,
  async inject(lab) {
    await lab.until('the worker to keep up', () => trafficIsServed(lab), 60_000);
    // The old task goes first: else it would do the work for as long as no new one comes up.
    await allowDowntime(lab, 'settlement');
    const { conclusion } = await lab.commit('settlement', {
      message: `The calendar of the bank up to the end of ${year + 2}`,
      files: {
        [calendarFile]: await edited(lab, 'settlement', calendarFile, [
          [until.before, until.now],
          ['"12-26"', '"12-26",\n    "12-31"'],
        ]),
      },
    });
    if (conclusion !== 'success') throw new Error(`the pipeline of the calendar ended with ${conclusion}`);
    await lab.until('a task of the worker to be killed', () => wasKilled(lab), 90_000);
    await lab.until('the backlog to grow', () => backlogGrows(lab), 90_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.3), 90_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
      () => ledgerMoves(lab),
    ),
};

async function wasKilled(lab: Lab): Promise<boolean> {
  const stopped = await lab.stoppedTasks('settlement');
  return stopped.some((task) => task.containers?.[0]?.exitCode === 137);
}

/** A worker that posts with the date of the next banking day, and notifications that are not quite silent. */
function keepingToTheCalendar(names: WorldNames): Preparation {
  return {
    requestsPerSecond: busy,
    files(role) {
      if (role === 'settlement') return withCalendar(names);
      return role === 'notification' ? withNoise(names) : {};
    },
  };
}

function withCalendar(names: WorldNames): Readonly<Record<string, string>> {
  const path = 'src/post.js';
  const edits = [
    {
      path,
      from: "const { pool } = require('./database.js');\n",
      to: "const { log } = require('../lib/log.js');\nconst { bankingDay } = require('./calendar.js');\nconst { pool } = require('./database.js');\n",
    },
    {
      path,
      from: '  await pool.query(',
      to: '  const valueDate = new Date(bankingDay(Date.now())).toISOString().slice(0, 10);\n  await pool.query(',
    },
    {
      path,
      from: "[total, 'merchant']);\n",
      to: "[total, 'merchant']);\n  log('info', 'posted', { total, valueDate });\n",
    },
  ];
  const days = { validUntil: until.before, closedOn: ['01-01', '05-01', '12-25', '12-26'] };
  return {
    ...editedFiles('settlement', names, edits),
    'src/calendar.js': calendar,
    [calendarFile]: `${JSON.stringify(days, undefined, 2)}\n`,
  };
}

function withNoise(names: WorldNames): Readonly<Record<string, string>> {
  const path = `src/${names.mainFile}`;
  const noise = `/** Customers of the old shop have no address; they get nothing, as agreed. */
setInterval(() => {
  const { message, stack } = new Error('no address is known for a customer of the old shop');
  log('error', message, { stack });
}, ${noiseEveryMs});

`;
  return editedFiles('notification', names, [
    {
      path,
      from: "require('../lib/metrics.js');\n",
      to: "require('../lib/metrics.js');\nconst { log } = require('../lib/log.js');\n",
    },
    { path, from: '/** Hands a notification', to: `${noise}/** Hands a notification` },
  ]);
}
