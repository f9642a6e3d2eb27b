import type { Lab } from '../world/lab.ts';
import { badRelease } from './bad-release.ts';
import { allowDowntime } from './definition.ts';
import { edited, mainFile } from './edit.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** Five times what the services need. */
const maxClients = 30;

/** A connection for each payment, and none is closed: in seconds one program has all that the cache gives. */
export const fault: Fault = {
  name: 'redis-clients-full',
  description: 'A release leaks connections to the cache, until it takes no more clients',
  session: { service: 'gateway', symptom: 'Checkouts fail, a few seconds after the release they were still fine' },
  expected: badRelease('payments', { fixes: ['github.revert-commit', 'aws-ecs.roll-back'] }),
  async inject(lab) {
    await lab.cache(['CONFIG', 'SET', 'maxclients', String(maxClients)]);
    // What starts beside the old task finds no connection left.
    await allowDowntime(lab, 'payments');
    const main = mainFile(lab);
    const source = await edited(lab, 'payments', main, [
      ['  await redis.set(`payment', '  const own = await redis.duplicate().connect();\n  await own.set(`payment'],
    ]);
    await lab.commit('payments', { message: 'Write each payment apart from the others', files: { [main]: source } });
    await lab.until('the cache to take no more clients', () => refuses(lab), 60_000);
    await lab.until('users to be refused', () => trafficFails(lab, 0.5), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

/** Asked as anybody asks. */
function refuses(lab: Lab): Promise<boolean> {
  return lab.cache(['PING']).then(
    () => false,
    () => true,
  );
}
