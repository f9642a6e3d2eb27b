import type { Json, JsonSchema } from '../api/json.ts';

/** What a schema says to whoever reads it, and not to whoever checks by it. */
const words = new Set(['title', 'description', 'examples', 'default', '$comment', 'deprecated', 'markdownDescription']);

/**
 * A schema without its words: a server's own are data, and have no place where instructions stand. A property that is called like one
 * of them stays.
 */
export function bareSchema(schema: JsonSchema): JsonSchema {
  return stripped(schema as Json) as JsonSchema;
}

function stripped(value: Json, names = false): Json {
  if (Array.isArray(value)) return value.map((one) => stripped(one));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => names || !words.has(name));
  // Below these, the names are those of properties and definitions.
  const named = ['properties', '$defs', 'definitions', 'patternProperties'];
  return Object.fromEntries(kept.map(([name, one]) => [name, stripped(one, !names && named.includes(name))]));
}
