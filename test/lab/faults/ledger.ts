import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../world/lab.ts';
import type { Judgement } from './fault.ts';

/** Whether payments come to the merchants' account, watched for so long. */
export async function ledgerMoves(lab: Lab, seconds = 3): Promise<Judgement> {
  const before = await balance(lab);
  await delay(seconds * 1000, undefined, { signal: lab.signal });
  const after = await balance(lab);
  return { healed: after !== before, seen: `the balance went from ${before} to ${after} in ${seconds} s` };
}

async function balance({ postgres, names }: Lab): Promise<string> {
  const rows = await postgres.sql<{ balance: string }>(
    names.ledger,
    `SELECT balance FROM ${names.tableAccounts} WHERE name = 'merchant'`,
  );
  return rows[0]?.balance ?? '';
}
