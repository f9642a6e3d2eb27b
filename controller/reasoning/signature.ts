import type { JsonObject } from '../api/json.ts';
import type { ActionType } from '../../skills/skill.ts';

/**
 * The idea behind a fix: action, what it is done to, and the direction. 512 -> 1024 -> 2048 MiB is one idea; what failed once
 * under a signature is never tried again in the session.
 */
export function signatureOf(action: ActionType, targetIdentity: string, parameters: JsonObject): string {
  return `${action.id} ${targetIdentity} ${action.direction(parameters)}`.slice(0, 500);
}
