import { edited, editedFiles } from '../edit.ts';
import type { Fault, Judgement, Preparation } from '../fault.ts';
import { allHold, trafficFails, usersAreServed } from '../judge.ts';
import type { Lab } from '../../world/lab.ts';
import type { WorldNames } from '../../world/names.ts';

/** For how long a payment is remembered, before the change and after it. With more than these a task does not live long. */
const seconds = 2;
const secondsNow = 3600;
const mostSeconds = 10;

/** KiB of each payment that is remembered: at four a second, what a task has to spare lasts for about twenty seconds. */
const kibibytes = 600;

const recent = `'use strict';
const { settings } = require('./settings.js');

/** A payment as it was asked for and answered. */
const documentBytes = ${kibibytes} * 1024;

/** By reference, the oldest first. */
const recent = new Map();
/** Room of what was forgotten: it serves the next ones again. */
const spare = [];

function forget(now) {
  const oldest = now - settings.recent.seconds * 1000;
  for (const [reference, { at, room }] of recent) {
    if (at > oldest) return;
    recent.delete(reference);
    spare.push(room);
  }
}

/** A payment that is sent twice within some seconds is known without the database. */
function recall(reference) {
  return recent.get(reference)?.id;
}

function remember(reference, id) {
  const at = Date.now();
  forget(at);
  recent.set(reference, { id, at, room: spare.pop() ?? Buffer.alloc(documentBytes, 1) });
}

module.exports = { recall, remember };
`;

/**
 * The code is as it always was and keeps what it is told to keep; a setting tells it to keep an hour of payments, where memory has room
 * for seconds. Tasks are killed and replaced at once: in between, users are served for a while each time. More memory only lets it last
 * longer.
 */
export const fault: Fault = {
  name: 'remembers-too-long',
  description:
    'A setting has payments remember each payment for an hour instead of two seconds: a task lives for twenty seconds',
  session: { service: 'gateway', symptom: 'Now and then checkouts are answered with 5xx for a second or two' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.payments}/${names.nodes.code}` },
      { node: `${names.payments}/${names.nodes.settings}` },
      { node: `${names.payments}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' },
    ],
    fixes: ['github.revert-commit', 'aws-ecs.roll-back', 'code-editor.set-number'],
    // More memory is a fair thing to try first.
    iterations: 2,
  },
  prepare: remembering,
  async inject(lab) {
    const path = settingsPath(lab.names);
    const settings = await edited(lab, 'payments', path, [[`"seconds": ${seconds} `, `"seconds": ${secondsNow} `]]);
    const message = 'Know a payment again that is sent twice within the hour';
    const { conclusion } = await lab.commit('payments', { message, files: { [path]: settings } });
    if (conclusion !== 'success') throw new Error(`the pipeline of the change ended with ${conclusion}`);
    await lab.awaitRollout('payments');
    await lab.until('tasks to die of their memory limit', () => tasksDie(lab), 180_000);
    // Served in between: a look may fall there.
    await lab.until('users to see it', () => trafficFails(lab, 0.1), 120_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => forgetsSoon(lab),
    ),
};

const settingsPath = (names: WorldNames): string => `config/${names.settingsFile}`;

/** Payments that know again what is sent twice, as their team has long had them do. */
function remembering(names: WorldNames): Preparation {
  const path = `src/${names.mainFile}`;
  const edits = [
    {
      path,
      from: "require('./database.js');\n",
      to: "require('./database.js');\nconst { recall, remember } = require('./recent.js');\n",
    },
    { path, from: 'await findPayment(reference);', to: 'recall(reference) ?? (await findPayment(reference));' },
    { path, from: '  await redis.set(`payment', to: '  remember(reference, id);\n  await redis.set(`payment' },
    {
      path: settingsPath(names),
      from: '  "queue":',
      to: `  "recent": { "seconds": ${seconds} },\n  "queue":`,
    },
  ];
  return {
    files: (role) => (role === 'payments' ? { ...editedFiles(role, names, edits), 'src/recent.js': recent } : {}),
  };
}

async function tasksDie(lab: Lab): Promise<boolean> {
  const stopped = await lab.stoppedTasks('payments');
  return stopped.filter((task) => task.containers?.[0]?.exitCode === 137).length >= 2;
}

/** A good look may fall between two deaths; what runs can be read. */
async function forgetsSoon(lab: Lab): Promise<Judgement> {
  const sha = await lab.runningSha('payments');
  if (sha === undefined) return { healed: false, seen: 'no task of the newest deployment runs' };
  const text = await lab.readFile('payments', settingsPath(lab.names), sha);
  const known = Number(/"recent":\s*\{\s*"seconds":\s*(\d+)/.exec(text)?.[1] ?? Infinity);
  return { healed: known <= mostSeconds, seen: `${sha.slice(0, 7)} runs and remembers payments for ${known} s` };
}
