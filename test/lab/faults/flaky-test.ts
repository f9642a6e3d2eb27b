import { createServer } from 'node:http';
import type { Lab } from '../world/lab.ts';
import type { Fault } from './fault.ts';
import { mendedBacklog, mendMessage, prepareForgetfulPayments, runsMended } from './handed-over.ts';
import { allHold, trafficFails, usersAreServed } from './judge.ts';
import { listenUntil } from '../parts/listen.ts';

/** A test that asks a sandbox of the card network, whose answer is not always there. */
function contractTest(sandboxUrl: string): string {
  return `'use strict';
const assert = require('node:assert');
const { test } = require('node:test');

test('the card network still speaks our version', async () => {
  const response = await fetch('${sandboxUrl}/version').catch((error) => assert.fail(String(error.cause ?? error)));
  assert.deepStrictEqual(await response.json(), { version: 1 });
});
`;
}

/** The commit that mends everything is on main, and its pipeline failed because of a test that would pass the next time. */
export const fault: Fault = {
  name: 'flaky-test',
  description: 'The mend is on main and did not reach ECS: a test that depends on a sandbox failed once',
  session: { service: 'payments', symptom: 'Checkouts are refused; the mend was merged and changed nothing' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.pipeline}`, kind: 'github-actions.FlakyBuild' }],
    fixes: ['github-actions.rerun-failed'],
    iterations: 1,
  },
  prepare: prepareForgetfulPayments,
  async inject(lab) {
    await lab.until('users to be refused', () => trafficFails(lab, 0.5));
    const files = { ...mendedBacklog(lab), 'test/contract.test.js': contractTest(await startSandbox(lab)) };
    const { conclusion } = await lab.commit('payments', { message: mendMessage, files });
    if (conclusion !== 'failure') throw new Error(`the pipeline of the mend ended with ${conclusion}`);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => runsMended(lab),
    ),
};

/** Resets the first connection that it is given, and answers from then on. */
async function startSandbox({ signal }: Lab): Promise<string> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    if (asked === 1) request.socket.resetAndDestroy();
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"version":1}');
  });
  return `http://127.0.0.1:${await listenUntil(server, signal)}`;
}
