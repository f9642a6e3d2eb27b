import type { Json } from '../api/json.ts';

/** A value of an expression as JSON: whole numbers are numbers, times RFC 3339. @throws TypeError for what JSON has no word for. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return toJson(Object.fromEntries(value));
  if (typeof value === 'object' && isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toJson(one)]));
  }
  throw new TypeError('the value has no JSON form');
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** A value within a sentence. */
export function toText(value: unknown): string {
  const json = toJson(value);
  if (typeof json === 'number') return String(Math.round(json * 1000) / 1000);
  return typeof json === 'string' ? json : JSON.stringify(json);
}

/** @throws TypeError where it is no finite number. */
export function toNumber(value: unknown): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new TypeError('is no number');
  return number;
}

/** A time as findings have it. @throws TypeError where it is none. */
export function toTime(value: unknown): string {
  const time = value instanceof Date ? value : new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(time.getTime())) throw new TypeError('is no time');
  return time.toISOString();
}
