import type { JsonObject } from '../api/json.ts';
import type { SchemaFault } from '../config/schema-faults.ts';
import { declaringCheckOf, declaringFaultsOf, foreignDeclaringCheckOf } from '../mcp/schema.ts';
import type { Skill } from '../../skills/skill.ts';

export type Parameters =
  | { readonly ok: true; readonly with: JsonObject }
  | { readonly ok: false; readonly problem: string };

/** Checks a node's `with` against its skill's schema and fills in the defaults; the problem names each field. */
export function checkParameters(skill: Skill, given: JsonObject | undefined): Parameters {
  const value = structuredClone(given ?? {}) as JsonObject;
  // A team's own schema may hold patterns that come to no end.
  const check = skill.toolServer === undefined ? declaringCheckOf : foreignDeclaringCheckOf;
  const wrong = check(skill.parameters)(value);
  return wrong === undefined ? { ok: true, with: value } : { ok: false, problem: `with: ${wrong}` };
}

/** The same judgement with each thing that is wrong at its place in `with`; empty where it holds. */
export function parameterFaults(skill: Skill, given: JsonObject | undefined): readonly SchemaFault[] {
  const by = skill.toolServer === undefined ? 'Ours' : 'Foreign';
  return declaringFaultsOf(skill.parameters, by)(structuredClone(given ?? {}));
}
