import type { WorldNames } from '../../world/names.ts';
import { badRelease } from '../bad-release.ts';
import { edited, editedFiles } from '../edit.ts';
import type { Fault, Preparation } from '../fault.ts';
import { trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';

/** How long the carrier takes on any day: with it more than one payment at a time is under way. */
const carrierMs = 250;

/** It says that it is overloaded, and sheds load; there is no more of it than ever, only less that it takes for enough. */
export const fault: Fault = {
  name: 'overload-by-setting',
  description:
    'A setting lets payments take one at a time: they shed load as if there were too much, and nothing is busy',
  session: { service: 'gateway', symptom: 'Payments are overloaded and refuse checkouts' },
  expected: {
    ...badRelease('payments', { fixes: ['github.revert-commit', 'aws-ecs.roll-back', 'code-editor.set-number'] }),
    causes: (names) => [
      { node: `${names.payments}/${names.nodes.code}`, kind: 'github.CodeRegression' },
      { node: `${names.payments}/${names.nodes.settings}` },
    ],
    iterations: 2,
  },
  prepare: sheddingLoad,
  async inject(lab) {
    lab.carrier?.answer({ body: '{"accepted":true}', delayMs: carrierMs });
    await lab.until('the usual load to be none', () => trafficIsServed(lab));
    const path = `config/${lab.names.settingsFile}`;
    const settings = await edited(lab, 'payments', path, [['"maxInProgress": 40', '"maxInProgress": 1']]);
    await lab.commit('payments', { message: 'Spare the database', files: { [path]: settings } });
    await lab.until('users to be refused', () => trafficFails(lab, 0.2), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

/** Payments that refuse what is beyond their limit, as their team has long had them do. */
function sheddingLoad(names: WorldNames): Preparation {
  const path = `src/${names.mainFile}`;
  const limited = `let inProgress = 0;

async function payWithinLimits(request) {
  const { maxInProgress } = settings.limits;
  if (inProgress >= maxInProgress) throw Object.assign(new Error('overloaded: too many payments at a time'), { status: 503 });
  inProgress += 1;
  try {
    return await pay(request);
  } finally {
    inProgress -= 1;
  }
}

`;
  const edits = [
    {
      path,
      from: "require('./cache.js');\n",
      to: "require('./cache.js');\nconst { settings } = require('./settings.js');\n",
    },
    { path, from: 'async function ratesImported(', to: `${limited}async function ratesImported(` },
    { path, from: "'POST /payments': pay,", to: "'POST /payments': payWithinLimits," },
    {
      path: `config/${names.settingsFile}`,
      from: '  "queue":',
      to: '  "limits": { "maxInProgress": 40 },\n  "queue":',
    },
  ];
  return { needs: ['carrier'], files: (role) => (role === 'payments' ? editedFiles(role, names, edits) : {}) };
}
