import { replacedIn } from '../edit.ts';
import type { Fault, Preparation } from '../fault.ts';
import { trafficIsServed, usersAreServed, watchTraffic } from '../judge.ts';
import { reconfigure } from '../receipts.ts';
import { variantFiles } from '../../world/repositories.ts';
import type { WorldNames } from '../../world/names.ts';

/** Milliseconds that the carrier takes on any day: the slowest thing that payments wait for, until the change. */
const carrierMs = 250;
/** Milliseconds: between what a checkout for a firm takes with the one way and with the other. */
const slow = 1800;

const taxOffice = `'use strict';
const { setTimeout: delay } = require('node:timers/promises');

/** The tax office numbers a receipt while one waits, or puts it into its mailbox and looks there now and then. In milliseconds. */
const ways = { line: 300, mailbox: 1800 };

async function number(receipt) {
  await delay(ways[process.env.NUMBERING] ?? ways.line);
  return { ...receipt, number: \`R-\${receipt.id}\` };
}

module.exports = { number };
`;

/**
 * Somebody changes a variable of the function at its console, to a value that it knows as well: one receipt in four takes two seconds.
 * Nothing fails and nothing is logged, no release was made, the function has memory, time and concurrency to spare, and payments, two
 * calls above it, is what looks slow. What its repository and its published version say is the value that it had.
 */
export const fault: Fault = {
  name: 'slow-numbering',
  description:
    'A variable of the function that makes the receipts is changed: firms get theirs two seconds later, no errors',
  session: {
    service: 'payments',
    symptom: 'Payments have become slow: about one in four takes two seconds, and none fails',
  },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.notification}/${names.receipts}` }],
    fixes: ['aws-lambda.update-configuration'],
    iterations: 2,
  },
  prepare: numbering,
  async inject(lab) {
    lab.carrier?.answer({ body: '{"accepted":true}', delayMs: carrierMs });
    await lab.until('payments to be as fast as always', () => trafficIsServed(lab));
    await reconfigure(lab, { Environment: { Variables: { TEMPLATE: 'plain', NUMBERING: 'mailbox' } } });
    await lab.until('checkouts to be slow', async () => (await watchTraffic(lab, 4000)).p95 > slow, 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

/** A function that can have receipts numbered in two ways, and is deployed with the fast one. */
function numbering(names: WorldNames): Preparation {
  const path = 'deploy/function.json';
  const usual = variantFiles('makes-receipts', 'notification', names);
  const files = {
    [path]: replacedIn(path, usual[path] ?? '', '"TEMPLATE": "plain"', '"TEMPLATE": "plain", "NUMBERING": "line"'),
    'functions/receipt/tax-office.js': taxOffice,
  };
  return { needs: ['lambda', 'carrier'], files: (role) => (role === 'notification' ? files : {}) };
}
