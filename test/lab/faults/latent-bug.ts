import type { Preparation, Fault } from './fault.ts';
import type { WorldNames } from '../world/names.ts';
import { trafficFails, usersAreServed } from './judge.ts';
import { idsFile as path, narrow, narrowIds, passNarrowIds, wide } from './narrow-ids.ts';

/**
 * Ids are checked against 32 bits since the first commit, and the column has 64. The day that the sequence passes them, every
 * payment fails, though nobody changed anything: there is nothing to take back, and no setting that helps.
 */
export const fault: Fault = {
  name: 'latent-bug',
  description: 'Ids outgrow what the program has always believed them to be: no change to take back, a line to mend',
  session: { service: 'gateway', symptom: 'Since a moment ago no checkout works at all; nothing was deployed' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.settings}`, kind: 'code-editor.KnownDefect' }],
    fixes: ['code-editor.replace-text'],
    iterations: 1,
  },
  prepare: (names) => prepared(names),
  async inject(lab) {
    await passNarrowIds(lab);
    await lab.until('users to see it', () => trafficFails(lab, 0.9));
  },
  healed: (lab) => usersAreServed(lab),
};

/** The team knows three repairs; the one would also fit its file, the other's place was rewritten long ago. */
function prepared(names: WorldNames): Preparation {
  const thrown = ['cloudwatch.StackTrace', 'cloudwatch.NewErrorTemplate'];
  const recipes = [
    {
      name: 'wait-longer-for-the-database',
      when: { kinds: thrown, message: 'query read timeout' },
      path,
      find: 'query_timeout: 5000',
      replace: 'query_timeout: 15000',
      rationale: 'reports at the end of the month take longer than payments do',
    },
    {
      name: 'ids-have-64-bits',
      when: { kinds: thrown, message: 'out of range' },
      path,
      find: narrow,
      replace: wide,
      rationale: 'the column has 64 bits, and what the program can count has 53',
    },
    {
      name: 'ids-are-texts',
      when: { kinds: thrown, message: 'out of range' },
      path: 'src/ids.js',
      find: 'Number(id)',
      replace: 'String(id)',
      rationale: 'ids came from another store once',
    },
  ];
  return {
    files: (role) => (role === 'payments' ? narrowIds(names) : {}),
    recipes: (role) => (role === 'payments' ? recipes : []),
  };
}
