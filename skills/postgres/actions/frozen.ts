import type { JsonObject } from '../../../controller/api/json.ts';
import { isDefined, listOf, numberOf, objectOf, textOf } from '../../lib/reading.ts';

export const terminateActionId = 'postgres.terminate-backend';

/** A backend as it was when the plan was made. */
export interface PlannedBackend {
  readonly pid: number;
  readonly backendStart: string;
  /** The transaction that held others up; ended only while it is the one that is open. */
  readonly transactionStart?: string;
}

/** The backends that parameters (`pid`, `backendStart`, `also`) or a frozen plan (`backends`) name. */
export function backendsIn(value: JsonObject): readonly PlannedBackend[] {
  const named = value['backends'] === undefined ? [value, ...listOf(value['also'])] : listOf(value['backends']);
  return named.map((item) => backendIn(objectOf(item))).filter(isDefined);
}

function backendIn(value: JsonObject): PlannedBackend | undefined {
  const pid = numberOf(value['pid']);
  const backendStart = textOf(value['backendStart']);
  const transactionStart = textOf(value['transactionStart']);
  if (pid === undefined || backendStart === undefined) return undefined;
  return { pid, backendStart, ...(transactionStart === undefined ? {} : { transactionStart }) };
}

export function toJson(backends: readonly PlannedBackend[]): JsonObject {
  return { backends: backends.map((backend) => ({ ...backend })) };
}
