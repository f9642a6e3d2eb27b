import type { Json, JsonObject } from '../../../controller/api/json.ts';
import { GitHubToolError } from './errors.ts';

// Arguments have been checked by ajv against the tool's schema before they come here; these give them their types back.

export function text(args: JsonObject, name: string): string {
  const value = args[name];
  if (typeof value !== 'string') throw new GitHubToolError('BadArgument', `${name} must be a string`);
  return value;
}

export function integer(args: JsonObject, name: string): number {
  const value = args[name];
  if (typeof value !== 'number') throw new GitHubToolError('BadArgument', `${name} must be a number`);
  return value;
}

/** Those of the named arguments that are there, as strings. */
export function optionalTexts<Name extends string>(
  args: JsonObject,
  names: readonly Name[],
): { [key in Name]?: string } {
  const given: { [key in Name]?: string } = {};
  for (const name of names) {
    const value = args[name];
    if (typeof value === 'string') given[name] = value;
  }
  return given;
}

/** `page` and `perPage` of the read contract as GitHub's own `page` and `per_page`. */
export function paging(args: JsonObject): { page?: number; per_page?: number } {
  const { page, perPage } = args;
  return {
    ...(typeof page === 'number' ? { page } : {}),
    ...(typeof perPage === 'number' ? { per_page: perPage } : {}),
  };
}

export function record(args: JsonObject, name: string): JsonObject {
  return asRecord(args[name]);
}

export function asRecord(value: Json | undefined): JsonObject {
  return isRecord(value) ? value : {};
}

export function isRecord(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An id that the read contract carries as text. */
export function integerId(args: JsonObject, name: string): number {
  const id = Number(args[name]);
  if (!Number.isSafeInteger(id) || id <= 0) throw new GitHubToolError('BadArgument', `${name} must be an id`);
  return id;
}
