import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { PlanRefused } from './plan-refused.ts';
import { numberOf } from './reading.ts';

interface Scaling {
  readonly parameters: JsonSchema;
  readonly direction: (parameters: JsonObject) => string;
  /** How many there are to be. @throws PlanRefused AboveLimit */
  readonly wanted: (parameters: JsonObject, before: number, bounds: Bounds) => number;
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** An action that adds or removes running copies, `by` so many, within a node's bounds. */
export function scaling(what: 'tasks' | 'pods'): Scaling {
  const description = `${what[0]?.toUpperCase()}${what.slice(1)} to add; negative to remove`;
  const by = (parameters: JsonObject): number => numberOf(parameters['by']) ?? 0;
  return {
    parameters: {
      type: 'object',
      additionalProperties: false,
      required: ['by'],
      properties: { by: { type: 'integer', minimum: -100, maximum: 100, not: { const: 0 }, description } },
    },
    direction: (parameters) => (by(parameters) > 0 ? `${what}:increase` : `${what}:decrease`),
    wanted(parameters, before, { least, most }) {
      const count = before + by(parameters);
      if (count >= least && count <= most) return count;
      throw new PlanRefused('AboveLimit', `${count} ${what} are outside ${least} to ${most}`);
    },
  };
}
