import type { JsonObject } from '../../controller/api/json.ts';

export interface EnvironmentBounds {
  /** Of a variable's name. */
  readonly name: JsonObject;
  readonly longestValue: number;
  /** The key of an entry that restores a variable, and what may be told there: where its value was right. */
  readonly restore: readonly [key: string, schema: JsonObject];
}

/** Schema of an action's `environment`: variables to be set, unset by null, or restored. `containerDirection` and its like read it. */
export function environmentParameter({ name, longestValue, restore: [key, where] }: EnvironmentBounds): JsonObject {
  return {
    type: 'array',
    minItems: 1,
    maxItems: 20,
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      oneOf: [{ required: ['value'] }, { required: [key] }],
      properties: {
        name: { type: 'string', ...name },
        value: { type: ['string', 'null'], maxLength: longestValue, description: 'null unsets the variable' },
        [key]: { type: 'string', ...where },
      },
    },
  };
}
