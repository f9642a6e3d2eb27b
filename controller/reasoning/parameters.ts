import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { ActionType } from '../../skills/skill.ts';
import type { JsonObject } from '../api/json.ts';

const ajv = new Ajv2020({ allErrors: true, strict: false });
formats.default(ajv);
const validators = new WeakMap<ActionType, ValidateFunction>();

/** What is wrong with the parameters by the action's own schema; undefined when they hold. */
export function parameterFault(action: ActionType, parameters: JsonObject): string | undefined {
  const validate = validators.get(action) ?? ajv.compile(action.parameters);
  validators.set(action, validate);
  return validate(parameters) ? undefined : ajv.errorsText(validate.errors);
}
