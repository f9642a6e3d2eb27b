import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import type { JsonSchema } from '../api/json.ts';
import { foreignLimitMs, TookTooLong, withinTime } from './time-limit.ts';

/** Checks a value; answers what is wrong with it (JSON pointer and words, at most 500 characters), or undefined. */
export type SchemaCheck = (value: unknown) => string | undefined;

// strict: false, because schemas of third-party servers carry words that ajv does not know.
const options: Options = { strict: false, allErrors: false, validateFormats: true };
const addFormats = addFormatsModule.default;
const withFormats = <Validator extends Ajv>(ajv: Validator): Validator => {
  addFormats(ajv);
  return ajv;
};

/** ajv compiles the schema of schemas with the first one that it is given: broken off in the midst of that, it checks nothing ever after. */
const warmed = <Validator extends Ajv>(ajv: Validator): Validator => {
  ajv.compile({});
  return ajv;
};

const plain = { latest: warmed(withFormats(new Ajv2020(options))), draft7: warmed(withFormats(new Ajv(options))) };
const filling = {
  latest: withFormats(new Ajv2020({ ...options, useDefaults: true })),
  draft7: withFormats(new Ajv({ ...options, useDefaults: true })),
};

const plainChecks = new WeakMap<JsonSchema, SchemaCheck>();
const fillingChecks = new WeakMap<JsonSchema, SchemaCheck>();

/**
 * The check of a JSON Schema (draft 2020-12, or 7 where `$schema` says so), compiled once for each schema object. With a
 * schema that is none nothing passes, so that a server's mistake is found at its tool and not at its start.
 */
export function checkOf(schema: JsonSchema): SchemaCheck {
  return cached(plainChecks, schema, plain);
}

/** As `checkOf`, and fills the schema's defaults into the value that it checks. */
export function fillingCheckOf(schema: JsonSchema): SchemaCheck {
  return cached(fillingChecks, schema, filling);
}

/** Why a schema is none; undefined when it is one. */
export function schemaFault(schema: JsonSchema): string | undefined {
  try {
    withinTime(foreignLimitMs, () => compile(schema, plain));
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).slice(0, 500);
  }
}

/** As `checkOf`, for a schema that somebody else wrote: where it takes too long, for a pattern that backtracks say, nothing passes. */
export function foreignCheckOf(schema: JsonSchema): SchemaCheck {
  return (value) => {
    try {
      return withinTime(foreignLimitMs, () => checkOf(schema)(value));
    } catch (error) {
      if (error instanceof TookTooLong) return `cannot be checked: it ${error.message}`;
      throw error;
    }
  };
}

function cached(checks: WeakMap<JsonSchema, SchemaCheck>, schema: JsonSchema, by: typeof plain): SchemaCheck {
  const known = checks.get(schema);
  if (known !== undefined) return known;
  const check = checkBy(schema, by);
  checks.set(schema, check);
  return check;
}

function checkBy(schema: JsonSchema, by: typeof plain): SchemaCheck {
  try {
    const validate = compile(schema, by);
    return (value) => (validate(value) ? undefined : describe(validate.errors?.[0]));
  } catch (error) {
    const words = `the schema itself is wrong: ${error instanceof Error ? error.message : String(error)}`.slice(0, 500);
    return () => words;
  }
}

function compile(schema: JsonSchema, by: typeof plain): ValidateFunction {
  const dialect = schema['$schema'];
  const ajv = typeof dialect === 'string' && dialect.includes('draft-07') ? by.draft7 : by.latest;
  // An $id would be registered for ever and clash with the next server's; the schema is only used here.
  const { $id: _id, ...rest } = schema;
  const validate = ajv.compile(rest);
  // ajv keeps every schema that it compiled; ours are kept by the caller's object alone.
  ajv.removeSchema(rest);
  return validate;
}

function describe(error: ErrorObject | undefined): string {
  if (error === undefined) return 'does not fit its schema';
  const where = error.instancePath === '' ? '/' : error.instancePath;
  const detail = detailOf(error.params as Record<string, unknown>);
  return `${where} ${error.message ?? error.keyword}${detail}`.slice(0, 500);
}

function detailOf(params: Record<string, unknown>): string {
  const named =
    params['additionalProperty'] ?? params['unevaluatedProperty'] ?? params['allowedValues'] ?? params['allowedValue'];
  return named === undefined ? '' : ` (${JSON.stringify(named)})`;
}
