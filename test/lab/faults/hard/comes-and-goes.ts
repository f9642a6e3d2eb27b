import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Lab } from '../../world/lab.ts';
import type { Fault } from '../fault.ts';
import { trafficFails, usersAreServed } from '../judge.ts';

/** How long the table is locked, and how long it is not. */
const locked = { seconds: 7 };
const open = { seconds: 5 };

/** Whoever looks at the wrong moment finds all well. */
export const fault: Fault = {
  name: 'comes-and-goes',
  description: 'An export locks the table of payments for seven seconds, and leaves it alone for five, over and over',
  session: { service: 'gateway', symptom: 'Checkouts time out for some seconds, and work again for some' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.database}` }],
    fixes: ['postgres.terminate-backend'],
    iterations: 3,
  },
  async inject(lab) {
    await startExport(lab);
    await lab.until('users to see it', () => trafficFails(lab, 0.5), 60_000);
  },
  // Longer than from one lock to the next.
  healed: (lab) => usersAreServed(lab, { requests: 150 }),
};

/** Goes on after each statement that fails; without its connection it is over. */
async function startExport({ postgres, logins, names, signal }: Lab): Promise<void> {
  const client = new pg.Client({
    connectionString: postgres.url(names.database, logins.services),
    application_name: 'nightly-export',
  });
  const end = new AbortController();
  const both = AbortSignal.any([signal, end.signal]);
  client.on('error', () => end.abort());
  await client.connect();
  signal.addEventListener('abort', () => void client.end().catch(() => undefined), { once: true });
  const portion = `BEGIN; LOCK TABLE ${names.tablePayments} IN EXCLUSIVE MODE; SELECT pg_sleep(${locked.seconds}); COMMIT`;
  const exportAll = async (): Promise<void> => {
    while (!both.aborted) {
      await client.query(portion).catch(() => client.query('ROLLBACK').catch(() => undefined));
      await delay(open.seconds * 1000, undefined, { signal: both }).catch(() => undefined);
    }
  };
  void exportAll();
}
