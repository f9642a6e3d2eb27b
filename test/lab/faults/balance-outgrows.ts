import type { WorldNames } from '../world/names.ts';
import { editedFiles } from './edit.ts';
import type { Fault, Preparation } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';
import { busy } from './queue.ts';

const narrow = 'RETURNING balance::int';
const wide = 'RETURNING balance::float8';

/** Two hops from where it hurts: settlement reads the balance back as a number of 32 bits, and business has been good. */
export const fault: Fault = {
  name: 'balance-outgrows',
  description: 'A balance passes 32 bits, so nothing is settled any more, until payments are refused for the backlog',
  session: { service: 'gateway', symptom: 'Checkouts are refused; the service says that a backlog is too large' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.settlement}/${names.nodes.settings}`, kind: 'code-editor.KnownDefect' }],
    fixes: ['code-editor.replace-text'],
    iterations: 1,
  },
  prepare: (names) => prepared(names),
  async inject(lab) {
    const { postgres, names } = lab;
    await postgres.sql(names.ledger, `UPDATE ${names.tableAccounts} SET balance = 3000000000 WHERE name = 'merchant'`);
    await lab.until('users to see it', () => trafficFails(lab, 0.5), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

function prepared(names: WorldNames): Preparation {
  const path = 'src/post.js';
  const edits = [{ path, from: 'WHERE name = $2', to: `WHERE name = $2 ${narrow}` }];
  const recipe = {
    name: 'balances-are-large',
    when: { kinds: ['cloudwatch.StackTrace', 'cloudwatch.NewErrorTemplate'], message: 'integer out of range' },
    path,
    find: narrow,
    replace: wide,
    rationale: 'a balance may pass what 32 bits hold',
  };
  return {
    requestsPerSecond: busy,
    files: (role) => (role === 'settlement' ? editedFiles(role, names, edits) : {}),
    recipes: (role) => (role === 'settlement' ? [recipe] : []),
  };
}
