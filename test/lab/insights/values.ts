/** A point in time, in ms since the epoch: shown as the service shows times, a number in arithmetic. */
export class Instant {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

/** What a field of a record can be; undefined when the record does not have it. */
export type Value = string | number | boolean | Instant | undefined;

const numeric = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** The number that a value is or spells; true is 1 and false is 0. */
export function toNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Instant) return value.ms;
  return value !== undefined && numeric.test(value) ? Number(value) : undefined;
}

/** As the service answers it: times as `YYYY-MM-DD hh:mm:ss.SSS` in UTC, truth as 1 and 0. */
export function toText(value: Exclude<Value, undefined>): string {
  if (value instanceof Instant) return new Date(value.ms).toISOString().replace('T', ' ').replace('Z', '');
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}

export function isTrue(value: Value): boolean {
  if (value === undefined || value === 'false') return false;
  const number = toNumber(value);
  return number === undefined ? value !== '' : number !== 0;
}

export function areEqual(left: Value, right: Value): boolean {
  if (left === undefined || right === undefined) return false;
  const [a, b] = [toNumber(left), toNumber(right)];
  if (a !== undefined && b !== undefined) return a === b;
  return words(left).some((word) => words(right).includes(word));
}

/** A JSON truth value may be asked for as 1 and 0 or as "true" and "false". */
function words(value: Exclude<Value, undefined>): string[] {
  return typeof value === 'boolean' ? [toText(value), String(value)] : [toText(value)];
}

/** Negative when `left` is less: as numbers when both are, else as text; undefined when either is missing. */
export function compare(left: Value, right: Value): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  const [a, b] = [toNumber(left), toNumber(right)];
  if (a !== undefined && b !== undefined) return a - b;
  return compareText(toText(left), toText(right));
}

/**
 * The order of `sort`, ascending: a missing value first, then text, then numbers; text in runs of digits, which are ordered by length
 * and then by value, and runs of other characters, which are ordered by code point.
 */
export function compareNaturally(left: Value, right: Value): number {
  const [a, b] = [rank(left), rank(right)];
  if (a !== b || left === undefined || right === undefined) return a - b;
  if (a === 2) return (toNumber(left) ?? 0) - (toNumber(right) ?? 0);
  return compareRuns(runs(toText(left)), runs(toText(right)));
}

function rank(value: Value): number {
  if (value === undefined) return 0;
  return toNumber(value) === undefined ? 1 : 2;
}

function runs(text: string): string[] {
  return text.match(/\d+|\D+/g) ?? [];
}

function compareRuns(left: readonly string[], right: readonly string[]): number {
  for (const [index, run] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const areDigits = /^\d/.test(run) && /^\d/.test(other);
    const order = (areDigits ? run.length - other.length : 0) || compareText(run, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
