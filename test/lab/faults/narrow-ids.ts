import type { Lab } from '../world/lab.ts';
import type { WorldNames } from '../world/names.ts';
import { edited, editedFiles } from './edit.ts';

/** Where payments check what they believe of ids: 32 bits from the first commit on, where the column has 64. */
export const idsFile = 'src/database.js';
export const narrow = 'id > 2147483647';
export const wide = 'id > Number.MAX_SAFE_INTEGER';

const checked = `  const id = Number(rows[0].id);
  if (${narrow}) throw new RangeError(\`payment \${id} is out of range\`);
  return id;`;

export function narrowIds(names: WorldNames): Readonly<Record<string, string>> {
  return editedFiles('payments', names, [{ path: idsFile, from: '  return rows[0].id;', to: checked }]);
}

export async function wideIds(lab: Lab): Promise<Readonly<Record<string, string>>> {
  return { [idsFile]: await edited(lab, 'payments', idsFile, [[narrow, wide]]) };
}

/** From now on the ids of payments are larger than 32 bits hold. */
export async function passNarrowIds({ postgres, names }: Lab): Promise<void> {
  const { database, tablePayments } = names;
  await postgres.sql(database, `SELECT setval(pg_get_serial_sequence('${tablePayments}', 'id'), 2147483647)`);
}
