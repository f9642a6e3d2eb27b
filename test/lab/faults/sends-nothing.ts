import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../world/lab.ts';
import { badRelease } from './bad-release.ts';
import { edited, mainFile } from './edit.ts';
import type { Fault, Judgement } from './fault.ts';
import { allHold, usersAreServed } from './judge.ts';

/** Every request is answered well and soon; what the service is there for does not happen. */
export const fault: Fault = {
  name: 'sends-nothing',
  description: 'A commit holds notifications back for ever: each is accepted, none is sent, and nobody fails',
  session: { service: 'notification', symptom: 'Customers get no messages about their payments any more' },
  expected: badRelease('notification'),
  prepare: () => ({ needs: ['prometheus'] }),
  async inject(lab) {
    const main = mainFile(lab);
    await lab.commit('notification', {
      message: 'Hold notifications back while the carrier is closed',
      files: {
        [main]: await edited(lab, 'notification', main, [
          ['let sent = 0;\n', 'let sent = 0;\nconst held = [];\n'],
          ['    await hand(body);', '    held.push(body);'],
        ]),
      },
    });
    // Nobody misses a message at once.
    await lab.until('messages to stay away for a while', async () => !(await areSent(lab, 10)).healed, 60_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => areSent(lab),
    ),
};

/** Whether the service hands on what steady traffic gives it, watched for so long. */
async function areSent(lab: Lab, seconds = 3): Promise<Judgement> {
  const before = await sent(lab);
  await delay(seconds * 1000, undefined, { signal: lab.signal });
  const more = (await sent(lab)) - before;
  return { healed: more > 0, seen: `${more} notifications sent in ${seconds} s` };
}

async function sent(lab: Lab): Promise<number> {
  const response = await fetch(`${lab.url('notification')}/health`, { signal: lab.signal });
  // The lab's own page; a service that is restarting answers a text.
  const health = (await response.json().catch(() => ({}))) as { readonly sent?: number };
  return health.sent ?? 0;
}
