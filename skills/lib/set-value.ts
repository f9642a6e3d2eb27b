import type { JsonObject } from '../../controller/api/json.ts';
import type { Occurrence } from '../skill.ts';

/**
 * Whether an act has happened that gives a setting another value: what the setting is now tells it.
 * @param evidence what the act would have answered
 */
export function occurrenceOf<Value extends string | number>(
  now: Value,
  { from, to }: { readonly from: Value; readonly to: Value },
  evidence: JsonObject,
): Occurrence {
  if (now === to) return { verdict: 'Happened', evidence };
  return { verdict: now === from ? 'Absent' : 'Unknown', evidence: {} };
}
