import { edited, editedFiles, mainFile } from '../edit.ts';
import type { Fault, Judgement, Preparation } from '../fault.ts';
import { allHold, trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';
import type { Lab } from '../../world/lab.ts';
import type { WorldNames } from '../../world/names.ts';

/** Files and connections that a task of the gateway may have open: with one more left at each checkout it takes a minute. */
const mostOpen = 300;

const termsFile = 'src/terms.js';
const decoy = 'Say for how long a task has been up';

const terms = `'use strict';
const { fstatSync, openSync, readSync } = require('node:fs');
const { join } = require('node:path');

const path = join(__dirname, '..', 'legal', 'terms.txt');

/** The terms in force, read anew each time, so that a change of them shows at once. */
function termsInForce() {
  const file = openSync(path, 'r');
  const text = Buffer.alloc(fstatSync(file).size);
  readSync(file, text);
  return text.toString();
}

module.exports = { termsInForce };
`;

/**
 * A release of the gateway opens a file with each checkout and closes none. For a minute all is well, in which payments are released, which
 * does nothing; then the task has as many files open as it may, and what it logs is that. Its memory and its CPU are as ever, and a new
 * task is well for another minute.
 */
export const fault: Fault = {
  name: 'opens-without-closing',
  description:
    'A release of the gateway leaves a file open with each checkout; it may open no more right after a harmless release of payments',
  session: {
    service: 'gateway',
    symptom: 'All of a sudden checkouts fail; payments were deployed right before, and it was fine until then',
  },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.gateway}/${names.nodes.code}` },
      { node: `${names.gateway}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' },
    ],
    // With new tasks, or with leave to open more, it only begins anew.
    fixes: ['github.revert-commit', 'aws-ecs.roll-back'],
    isRight: ({ rationale = '' }) => !rationale.includes(decoy),
    iterations: 2,
  },
  prepare: limited,
  async inject(lab) {
    const main = mainFile(lab);
    await lab.until('the limit to be none', () => trafficIsServed(lab), 60_000);
    const ask = "await call(`${PAYMENTS_URL}/payments`, { method: 'POST', body: { amount: body.amount ?? 100 } })";
    const released = await lab.commit('gateway', {
      message: 'Send the terms in force with each checkout',
      files: {
        'legal/terms.txt': 'What was paid by mistake is paid back within thirty days.\n',
        [termsFile]: terms,
        [main]: await edited(lab, 'gateway', main, [
          [
            "require('../lib/call.js');\n",
            "require('../lib/call.js');\nconst { termsInForce } = require('./terms.js');\n",
          ],
          [`body: ${ask},`, `body: { terms: termsInForce(), ...(${ask}) },`],
        ]),
      },
    });
    if (released.conclusion !== 'success') throw new Error(`the release ended with ${released.conclusion}`);
    await lab.awaitRollout('gateway');
    const source = await edited(lab, 'payments', main, [
      ['ok: true, rates: rates.length', 'ok: true, rates: rates.length, upSeconds: Math.round(process.uptime())'],
    ]);
    const harmless = await lab.commit('payments', { message: decoy, files: { [main]: source } });
    if (harmless.conclusion !== 'success') throw new Error(`the other one ended with ${harmless.conclusion}`);
    await lab.awaitRollout('payments');
    await lab.until('users to see it', () => trafficFails(lab, 0.5), 180_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => leavesNothingOpen(lab),
    ),
};

/** A gateway that may have so much open and no more, by its definition. */
function limited(names: WorldNames): Preparation {
  const path = 'deploy/task-definition.json';
  const program = `src/${names.mainFile}`;
  const edits = [
    {
      path,
      from: `"command": ["node", "${program}"]`,
      to: `"command": ["sh", "-c", "ulimit -n ${mostOpen} && exec node ${program}"]`,
    },
  ];
  return { files: (role) => (role === 'gateway' ? editedFiles(role, names, edits) : {}) };
}

/** A new task is well for a minute, whatever it does; what runs can be read. */
async function leavesNothingOpen(lab: Lab): Promise<Judgement> {
  const sha = await lab.runningSha('gateway');
  if (sha === undefined) return { healed: false, seen: 'no task of the newest deployment runs' };
  const opens = (await lab.readFile('gateway', mainFile(lab), sha)).includes('termsInForce');
  const closes = opens && (await lab.readFile('gateway', termsFile, sha)).includes('closeSync');
  const healed = !opens || closes;
  return { healed, seen: `${sha.slice(0, 7)} runs, which leaves ${healed ? 'nothing' : 'files'} open` };
}
