import pg from 'pg';
import type { Lab } from '../world/lab.ts';

export interface Held {
  readonly database: string;
  readonly application: string;
  /** What takes the lock. */
  readonly statement: string;
}

/** Holds the row that the worker settles into. */
export function abandonTransaction(lab: Lab): Promise<void> {
  const { ledger: database, tableAccounts } = lab.names;
  const statement = `UPDATE ${tableAccounts} SET balance = balance WHERE name = 'merchant'`;
  return holdTransaction(lab, { database, application: 'month-end-close', statement });
}

/** Begins a transaction with a statement, and stays connected and in it until somebody ends it or the lab ends. */
export async function holdTransaction(
  { postgres, logins, signal }: Lab,
  { database, application, statement }: Held,
): Promise<void> {
  const client = new pg.Client({
    connectionString: postgres.url(database, logins.services),
    application_name: application,
  });
  // To be ended from outside is what this connection is for.
  client.on('error', () => undefined);
  await client.connect();
  signal.addEventListener('abort', () => void client.end().catch(() => undefined), { once: true });
  await client.query('BEGIN');
  await client.query(statement);
}
