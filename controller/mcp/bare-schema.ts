import type { Json, JsonObject, JsonSchema } from '../api/json.ts';

/** What a schema checks by. Everything else in one is words, or means nothing to whoever calls the tool. */
const checks = new Set(
  `type properties required items prefixItems additionalProperties enum const anyOf oneOf allOf not if then else $ref $defs definitions $schema
   minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems minProperties
   maxProperties contains minContains maxContains dependentRequired nullable format`.split(/\s+/),
);
/** Below these, the names are those of properties and definitions. */
const named = new Set(['properties', '$defs', 'definitions']);

/** A name or a value that is no sentence, in whatever script. */
const word = /^[\w.$@:/#+-]{1,64}$/;

/**
 * A schema without its words: a server's own are data, and have no place where instructions stand. What is left holds names, numbers and
 * values of one word; a list of values that holds more is left out, and the server checks by its own schema all the same. A property that
 * is called like a word of JSON Schema stays; undefined where an argument that is needed cannot be named.
 */
export function bareSchema(schema: JsonSchema): JsonSchema | undefined {
  return isUnnamed(schema as Json) ? undefined : (stripped(schema as Json) as JsonSchema);
}

function stripped(value: Json): Json {
  if (Array.isArray(value)) return value.map(stripped);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name, held]) => checks.has(name) && isPlain(name, held));
  return Object.fromEntries(kept.map(([name, held]) => [name, below(name, held)]));
}

function below(name: string, held: Json): Json {
  if (isValue(name)) return held;
  if (!named.has(name)) return stripped(held);
  const own = Object.entries(objectOf(held)).filter(([one]) => word.test(one));
  return Object.fromEntries(own.map(([one, schema]) => [one, stripped(schema)]));
}

/** Texts that a schema may hold by itself, in lists or alone. */
function isPlain(name: string, held: Json): boolean {
  if (isValue(name)) return textsIn(held).every((text) => word.test(text));
  if (Array.isArray(held)) return held.every((one) => typeof one !== 'string' || word.test(one));
  return typeof held !== 'string' || word.test(held);
}

/** It holds values, and no schemas. */
function isValue(name: string): boolean {
  return name === 'enum' || name === 'const';
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, held]) => [...(Array.isArray(value) ? [] : [key]), ...textsIn(held)]);
}

/** Whether it asks for an argument, here or below, whose name is no word. */
function isUnnamed(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { required } = objectOf(value);
  const asked = Array.isArray(required) && required.some((one) => typeof one === 'string' && !word.test(one));
  return asked || Object.values(value).some(isUnnamed);
}

function objectOf(value: Json): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
