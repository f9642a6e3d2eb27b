import type { WorldNames } from '../world/names.ts';
import { repositoryFiles, usualDefinitions, variantFiles } from '../world/repositories.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';
import { replaced } from './replaced.ts';

/** One number of the settings: what was kept for two minutes is kept for a second, and the database works it out again and again. */
export const fault: Fault = {
  name: 'cache-hits-halved',
  description:
    'A commit keeps the terms of customers so shortly that the cache hardly helps: the database has the load',
  session: { service: 'gateway', symptom: 'Checkouts are slow and many of them fail' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.payments}/${names.nodes.code}`, kind: 'github.CodeRegression' },
      { node: `${names.payments}/${names.nodes.settings}` },
    ],
    fixes: ['github.revert-commit'],
    iterations: 1,
  },
  prepare: (names) => ({ files: (role) => (role === 'payments' ? withTerms(names) : {}) }),
  async inject(lab) {
    const settings = `config/${lab.names.settingsFile}`;
    const text = await lab.readFile('payments', settings);
    await lab.commit('payments', {
      message: 'Let new terms of a customer hold at once',
      files: { [settings]: replaced(text, /("termsSeconds": )\d+/, '$11') },
    });
    await lab.awaitRollout('payments');
    await lab.until('users to see it', () => trafficFails(lab, 0.3), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

/** Payments that look up the customer's terms for each checkout. */
function withTerms(names: WorldNames): Readonly<Record<string, string>> {
  const main = `src/${names.mainFile}`;
  const source = repositoryFiles('payments', names, usualDefinitions(names).payments)[main] ?? '';
  const required = replaced(
    source,
    /^const \{ keepRates \}.*\n/m,
    "$&const { anyCustomer, termsOf } = require('./terms.js');\n",
  );
  const used = replaced(required, /^ {2}const id = await insertPayment/m, '  await termsOf(redis, anyCustomer());\n$&');
  return { ...variantFiles('caches-terms', 'payments', names), [main]: used };
}
