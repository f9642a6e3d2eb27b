import type { JsonObject } from '../../../controller/api/json.ts';
import { numberOf, textOf, textsOf } from '../../lib/reading.ts';

export const createIndexId = 'postgres.create-index';
export const createIndexTool = 'threehops_create_index';
export const dropIndexTool = 'threehops_drop_index';

/** PostgreSQL cuts names that are longer. */
const longestName = 63;

/** An index as it was planned, or, with an oid, as it is to be taken away again. */
export interface IndexPlan {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly name: string;
  readonly drop?: number;
}

/** What parameters or a frozen plan say. The name is PostgreSQL's own for an index that was given none. */
export function indexPlan(value: JsonObject): IndexPlan {
  const table = textOf(value['table']) ?? '';
  const columns = textsOf(value['columns']);
  const drop = numberOf(value['drop']);
  return {
    schema: textOf(value['schema']) ?? 'public',
    table,
    columns,
    name: textOf(value['name']) ?? `${`${table}_${columns.join('_')}`.slice(0, longestName - 4)}_idx`,
    ...(drop === undefined ? {} : { drop }),
  };
}

export function toJson(plan: IndexPlan): JsonObject {
  return { ...plan, columns: [...plan.columns] };
}
