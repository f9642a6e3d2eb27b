import type { JsonObject, JsonSchema } from '../../../controller/api/json.ts';

// Building blocks of the tools' schemas; names and arguments follow github-mcp-server's published tool descriptions.

export const string: JsonSchema = { type: 'string' };
export const number: JsonSchema = { type: 'number' };
export const sha: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{40}$' };
/** The only branches that are ever written. */
export const sessionBranch: JsonSchema = {
  type: 'string',
  pattern: '^threehops/[A-Za-z0-9][A-Za-z0-9._-]*$',
  maxLength: 200,
};

/** Not of dots alone: in a URL they would lead elsewhere. */
const plainName: JsonObject = { type: 'string', pattern: '^\\.{0,2}[A-Za-z0-9_-][A-Za-z0-9._-]*$' };

export const repository: JsonObject = {
  owner: { ...plainName, description: 'Repository owner' },
  repo: { ...plainName, description: 'Repository name' },
};

export const pagination: JsonObject = {
  page: { type: 'number', minimum: 1 },
  perPage: { type: 'number', minimum: 1, maximum: 100 },
};

export function input(properties: JsonObject, required: readonly string[] = []): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    properties: { ...repository, ...properties },
    required: ['owner', 'repo', ...required],
  };
}

/** An answer: the named fields are promised, more may come. */
export function output(properties: JsonObject, required: readonly string[] = Object.keys(properties)): JsonSchema {
  return { type: 'object', properties, required: [...required] };
}

export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}
