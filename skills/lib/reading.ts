import type { Json, JsonObject } from '../../controller/api/json.ts';

/** Readers of tool answers. They never throw: a field that is absent or of another type is undefined or empty. */

export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number, or a string that is one: ECS gives task-level memory and cpu as strings. */
export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/**
 * RFC 3339 with any offset (what boto3 servers answer), the same with a space and no offset (Logs Insights, in UTC), or seconds
 * since the epoch (what the AWS JSON protocol has).
 */
export function timeOf(value: Json | undefined): Date | undefined {
  if (typeof value === 'number') return new Date(value * 1000);
  if (typeof value !== 'string') return undefined;
  const text = value.replace(' ', 'T');
  const time = Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(time) ? undefined : new Date(time);
}

export function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string');
}

export function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** Leaves out what is undefined: an absent field and an undefined one are different types here. */
export function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** The object's other fields. */
export function without(object: JsonObject, keys: Iterable<string>): JsonObject {
  const gone = new Set(keys);
  return Object.fromEntries(Object.entries(object).filter(([key]) => !gone.has(key)));
}
