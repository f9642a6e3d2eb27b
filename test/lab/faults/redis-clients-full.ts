import { allowDowntime } from './downtime.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';
import { replaced } from './replaced.ts';

/** Ten times what the services need. */
const maxClients = 60;

/** A release opens a connection to the cache for each payment and closes none. */
export const fault: Fault = {
  name: 'redis-clients-full',
  description: 'A release leaks connections to the cache, until it takes no more clients',
  session: { service: 'gateway', symptom: 'Checkouts fail, a few seconds after the release they were still fine' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.code}`, kind: 'github.CodeRegression' }],
    fixes: ['github.revert-commit'],
    iterations: 1,
  },
  async inject(lab) {
    await lab.cache(['CONFIG', 'SET', 'maxclients', String(maxClients)]);
    await allowDowntime(lab);
    const main = `src/${lab.names.mainFile}`;
    const source = await lab.readFile('payments', main);
    await lab.commit('payments', {
      message: 'Write each payment to the cache apart from the others',
      files: { [main]: replaced(source, /^ {2}await redis\.set\(`payment/m, `${connecting}  await own.set(\`payment`) },
    });
    await lab.until('users to be refused', () => trafficFails(lab, 0.5), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

const connecting = `  const own = createClient({ url: REDIS_URL, socket: { reconnectStrategy: false } });
  own.on('error', () => undefined);
  await own.connect();
`;
