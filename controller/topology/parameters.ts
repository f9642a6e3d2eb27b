import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv';
import type { JsonObject } from '../api/json.ts';
import { foreignLimitMs, TookTooLong, withinTime } from '../mcp/time-limit.ts';
import type { Skill } from '../../skills/skill.ts';

const ajv = new Ajv2020({ useDefaults: true, allErrors: true, strict: false });
const validators = new WeakMap<Skill, ValidateFunction>();

export type Parameters =
  | { readonly ok: true; readonly with: JsonObject }
  | { readonly ok: false; readonly problem: string };

/** Checks a node's `with` against its skill's schema and fills in the defaults; the problem names each field. */
export function checkParameters(skill: Skill, given: JsonObject | undefined): Parameters {
  let validate = validators.get(skill);
  if (validate === undefined) {
    validate = ajv.compile(skill.parameters);
    // ajv would keep it longer than the skill lives.
    ajv.removeSchema(skill.parameters);
    validators.set(skill, validate);
  }
  const value = structuredClone(given ?? {}) as JsonObject;
  const verdict = holds(validate, skill, value);
  if (verdict === undefined) return { ok: false, problem: 'with takes too long to check' };
  if (verdict) return { ok: true, with: value };
  const problems = (validate.errors ?? []).map((error) => {
    const field = `with${error.instancePath.replaceAll('/', '.')}`;
    const extra = (error.params as { additionalProperty?: string }).additionalProperty;
    return `${field} ${error.message ?? 'is invalid'}${extra === undefined ? '' : ` (${extra})`}`;
  });
  return { ok: false, problem: [...new Set(problems)].slice(0, 5).join('; ') };
}

/** Undefined where the patterns of a team's own schema come to no end. */
function holds(validate: ValidateFunction, skill: Skill, value: JsonObject): boolean | undefined {
  if (skill.toolServer === undefined) return validate(value);
  try {
    return withinTime(foreignLimitMs, () => validate(value));
  } catch (error) {
    if (error instanceof TookTooLong) return undefined;
    throw error;
  }
}
