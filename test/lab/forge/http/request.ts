import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import type { Actions } from '../actions/actions.ts';
import type { Repository } from '../world/repository.ts';
import type { TokenOptions } from '../world/tokens.ts';
import type { World } from '../world/world.ts';
import { ApiError } from './answer.ts';
import type { Downloads } from './downloads.ts';

/** A request to the REST API that has a token and a route. */
export interface ApiRequest {
  readonly world: World;
  readonly actions: Actions;
  readonly downloads: Downloads;
  readonly actor: TokenOptions;
  /** Of the path's template, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly accept: string;
  /** The whole URL as the client sees it, for Link headers. */
  readonly url: URL;
}

export interface RepositoryRequest extends ApiRequest {
  readonly repository: Repository;
}

export function param(request: ApiRequest, name: string): string {
  const value = request.params[name];
  if (value === undefined) throw new Error(`the route has no parameter ${name}`);
  return value;
}

/** A path parameter that is a number; anything else is 404, as on GitHub. */
export function numberParam(request: ApiRequest, name: string): number {
  const value = param(request, name);
  if (!/^\d+$/.test(value)) throw new ApiError(404, 'Not Found');
  return Number(value);
}

export function requiredString(body: JsonObject, field: string): string {
  const value = optionalString(body, field);
  if (value === undefined) throw new ApiError(422, `Invalid request.\n\n"${field}" wasn't supplied.`);
  return value;
}

export function optionalString(body: JsonObject, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(field, value, 'a string');
  return value;
}

export function optionalBoolean(body: JsonObject, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongType(field, value, 'a boolean');
  return value;
}

export function stringList(body: JsonObject, field: string): string[] | undefined {
  const value = body[field];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw wrongType(field, value, 'an array');
  return value.map((item: Json) => {
    if (typeof item !== 'string') throw wrongType(field, item, 'a string');
    return item;
  });
}

export function objectList(body: JsonObject, field: string): JsonObject[] {
  const value = body[field];
  if (!Array.isArray(value)) throw new ApiError(422, `Invalid request.\n\n"${field}" wasn't supplied.`);
  return value.map((item: Json) => {
    if (!isObject(item)) throw wrongType(field, item, 'an object');
    return item;
  });
}

export function optionalObject(body: JsonObject, field: string): JsonObject | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw wrongType(field, value, 'an object');
  return value;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(field: string, value: Json, wanted: string): ApiError {
  return new ApiError(422, `Invalid request.\n\nFor 'properties/${field}', ${JSON.stringify(value)} is not ${wanted}.`);
}
