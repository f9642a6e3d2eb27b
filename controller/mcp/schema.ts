import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import type { JsonSchema } from '../api/json.ts';
import { schemaFaults, type SchemaFault } from '../config/schema-faults.ts';
import { redactHead } from '../redaction/redact.ts';
import { foreignLimitMs, TookTooLong, withinTime } from './time-limit.ts';

/** Of the words about what does not fit, in characters. */
const longest = 500;

/** Checks a value; answers what is wrong with it (JSON pointer and words, at most 500 characters), or undefined. */
export type SchemaCheck = (value: unknown) => string | undefined;

// strict: false, because schemas of third-party servers carry words that ajv does not know.
const options: Options = { strict: false, allErrors: false, validateFormats: true };
const addFormats = addFormatsModule.default;

/** All that is wrong with a value, or why that cannot be told. */
type Verdict = readonly ErrorObject[] | string;
type Judge = (value: unknown) => Verdict;

/** One way to check: its validators by dialect, made when they are first needed, and what they compiled. */
interface Checker {
  readonly options: Options;
  readonly ajvs: Map<typeof Ajv, Ajv>;
  readonly checks: WeakMap<JsonSchema, Judge>;
}

const checker = (more: Options): Checker => ({
  options: { ...options, ...more },
  ajvs: new Map(),
  checks: new WeakMap(),
});
const plain = checker({});
const filling = checker({ useDefaults: true });
const declaring = checker({ useDefaults: true, allErrors: true, verbose: true });

/**
 * The check of a JSON Schema (draft 2020-12, or 7 where `$schema` says so), compiled once for each schema object. With a
 * schema that is none nothing passes, so that a server's mistake is found at its tool and not at its start.
 */
export function checkOf(schema: JsonSchema): SchemaCheck {
  return inWords(cached(schema, plain));
}

/** As `checkOf`, and fills the schema's defaults into the value that it checks. */
export function fillingCheckOf(schema: JsonSchema): SchemaCheck {
  return inWords(cached(schema, filling));
}

/** As `fillingCheckOf`, for what a person declares: tells up to five things that are wrong at once. */
export function declaringCheckOf(schema: JsonSchema): SchemaCheck {
  return inWords(cached(schema, declaring));
}

/**
 * What `declaringCheckOf` or, for a schema that somebody else wrote, `foreignDeclaringCheckOf` finds, each thing with its place; it fills
 * in the defaults as well.
 */
export function declaringFaultsOf(
  schema: JsonSchema,
  by: 'Ours' | 'Foreign',
): (value: unknown) => readonly SchemaFault[] {
  const judge = by === 'Ours' ? cached(schema, declaring) : bounded(schema, declaring);
  return (value) => {
    const verdict = judge(value);
    return typeof verdict === 'string' ? [{ pointer: '', message: verdict }] : schemaFaults(verdict);
  };
}

/** Why a schema is none; undefined when it is one. */
export function schemaFault(schema: JsonSchema): string | undefined {
  try {
    timed(schema, plain, () => compile(schema, plain));
    return undefined;
  } catch (error) {
    return redactHead(error instanceof Error ? error.message : String(error), longest);
  }
}

/** As `checkOf`, for a schema that somebody else wrote: where it takes too long, for a pattern that backtracks say, nothing passes. */
export function foreignCheckOf(schema: JsonSchema): SchemaCheck {
  return inWords(bounded(schema, plain));
}

/** As `declaringCheckOf`, for a schema that somebody else wrote. */
export function foreignDeclaringCheckOf(schema: JsonSchema): SchemaCheck {
  return inWords(bounded(schema, declaring));
}

/** How often a check overran its time. Each time holds up everything else, and the first may be the fault of a busy machine. */
const overruns = new WeakMap<JsonSchema, number>();
const mostOverruns = 2;

function bounded(schema: JsonSchema, by: Checker): Judge {
  return (value) => {
    const known = overruns.get(schema) ?? 0;
    if (known >= mostOverruns) return 'cannot be checked: it took too long before';
    try {
      return timed(schema, by, () => cached(schema, by)(value));
    } catch (error) {
      if (!(error instanceof TookTooLong)) throw error;
      overruns.set(schema, known + 1);
      return `cannot be checked: it ${error.message}`;
    }
  };
}

function timed<T>(schema: JsonSchema, by: Checker, work: () => T): T {
  // Its own start is not the schema's fault.
  ajvFor(schema, by);
  try {
    return withinTime(foreignLimitMs, work);
  } catch (error) {
    // One that was broken off in the midst of compiling is of no use any more.
    if (error instanceof TookTooLong) by.ajvs.clear();
    throw error;
  }
}

function ajvFor(schema: JsonSchema, by: Checker): Ajv {
  const dialect = schema['$schema'];
  const kind = typeof dialect === 'string' && dialect.includes('draft-07') ? Ajv : Ajv2020;
  const known = by.ajvs.get(kind);
  if (known !== undefined) return known;
  const ajv = new kind(by.options);
  addFormats(ajv);
  // Compiles the meta-schema, which takes longer than most schemas.
  void ajv.validateSchema({});
  by.ajvs.set(kind, ajv);
  return ajv;
}

function cached(schema: JsonSchema, by: Checker): Judge {
  const known = by.checks.get(schema);
  if (known !== undefined) return known;
  const check = judgeBy(schema, by);
  by.checks.set(schema, check);
  return check;
}

function inWords(judge: Judge): SchemaCheck {
  return (value) => {
    const verdict = judge(value);
    if (typeof verdict === 'string') return verdict;
    return verdict.length === 0 ? undefined : describe(verdict);
  };
}

function judgeBy(schema: JsonSchema, by: Checker): Judge {
  try {
    const validate = compile(schema, by);
    return (value) => (validate(value) ? [] : (validate.errors ?? []));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const words = redactHead(`the schema itself is wrong: ${reason}`, longest);
    return () => words;
  }
}

function compile(schema: JsonSchema, by: Checker): ValidateFunction {
  const ajv = ajvFor(schema, by);
  // An $id would be registered and clash with the next server's; the schema is only used here.
  const { $id: _id, ...rest } = schema;
  try {
    const validate = ajv.compile(rest);
    // ajv's own extension: the validator answers a promise, which is no verdict. Below the root ajv refuses it by itself.
    if ('$async' in validate) throw new Error('$async is not taken');
    return validate;
  } finally {
    // ajv keeps every schema that it compiled, and the $id of each part of one, where the next server's schema would find
    // them; ours are kept by the caller's object alone. Its meta-schemas stay.
    ajv.removeSchema();
  }
}

function describe(errors: readonly ErrorObject[]): string {
  const words = [...new Set(errors.map(wordsOf))].slice(0, 5).join('; ');
  return words === '' ? 'does not fit its schema' : redactHead(words, longest);
}

function wordsOf(error: ErrorObject): string {
  const where = error.instancePath === '' ? '' : `${error.instancePath} `;
  const detail = detailOf(error.params as Record<string, unknown>);
  return `${where}${error.message ?? error.keyword}${detail}`;
}

function detailOf(params: Record<string, unknown>): string {
  const named =
    params['additionalProperty'] ?? params['unevaluatedProperty'] ?? params['allowedValues'] ?? params['allowedValue'];
  return named === undefined ? '' : ` (${JSON.stringify(named)})`;
}
