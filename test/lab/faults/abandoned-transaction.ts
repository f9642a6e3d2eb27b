import pg from 'pg';
import type { Lab } from '../world/lab.ts';

/** Holds the row that the worker settles into. Stays connected, and in its transaction, until somebody ends it or the lab ends. */
export async function abandonTransaction({ postgres, logins, names, signal }: Lab): Promise<void> {
  const client = new pg.Client({
    connectionString: postgres.url(names.ledger, logins.services),
    application_name: 'month-end-close',
  });
  // To be ended from outside is what this connection is for.
  client.on('error', () => undefined);
  await client.connect();
  signal.addEventListener('abort', () => void client.end().catch(() => undefined), { once: true });
  await client.query('BEGIN');
  await client.query(`UPDATE ${names.tableAccounts} SET balance = balance WHERE name = 'merchant'`);
}
