import { Instant, toNumber, toText, type Value } from './values.ts';

export interface ScalarFunction {
  /** The least and the most arguments. */
  readonly arity: readonly [number, number];
  readonly apply: (values: readonly Value[]) => Value;
}

const any = Number.POSITIVE_INFINITY;
const numeric = (apply: (number: number) => number): ScalarFunction => ({
  arity: [1, 1],
  apply: ([value]) => {
    const number = toNumber(value);
    return number === undefined ? undefined : apply(number);
  },
});
const textual = (apply: (text: string) => Value): ScalarFunction => ({
  arity: [1, 1],
  apply: ([value]) => (value === undefined ? undefined : apply(toText(value))),
});
const extreme = (pick: (numbers: number[]) => number): ScalarFunction => ({
  arity: [1, any],
  apply: (values) => {
    const numbers = values.map(toNumber).filter((number) => number !== undefined);
    return numbers.length === 0 ? undefined : pick(numbers);
  },
});
const text = (value: Value): string => (value === undefined ? '' : toText(value));

/** The functions of one record, by their lower-case names. */
export const functions: ReadonlyMap<string, ScalarFunction> = new Map<string, ScalarFunction>([
  ['ispresent', { arity: [1, 1], apply: ([value]) => value !== undefined }],
  ['isempty', { arity: [1, 1], apply: ([value]) => text(value) === '' }],
  ['isblank', { arity: [1, 1], apply: ([value]) => text(value).trim() === '' }],
  ['coalesce', { arity: [1, any], apply: (values) => values.find((value) => value !== undefined) }],
  ['concat', { arity: [1, any], apply: (values) => values.map(text).join('') }],
  ['strcontains', { arity: [2, 2], apply: ([value, part]) => text(value).includes(text(part)) }],
  ['replace', { arity: [3, 3], apply: ([value, from, to]) => text(value).replaceAll(text(from), text(to)) }],
  ['substr', { arity: [2, 3], apply: substring }],
  ['strlen', textual((string) => Array.from(string).length)],
  ['trim', textual((string) => string.trim())],
  ['ltrim', textual((string) => string.trimStart())],
  ['rtrim', textual((string) => string.trimEnd())],
  ['toupper', textual((string) => string.toUpperCase())],
  ['tolower', textual((string) => string.toLowerCase())],
  ['abs', numeric(Math.abs)],
  ['ceil', numeric(Math.ceil)],
  ['floor', numeric(Math.floor)],
  ['sqrt', numeric(Math.sqrt)],
  ['log', numeric(Math.log)],
  ['greatest', extreme((numbers) => Math.max(...numbers))],
  ['least', extreme((numbers) => Math.min(...numbers))],
  ['frommillis', { arity: [1, 1], apply: ([value]) => instant(toNumber(value)) }],
  ['tomillis', numeric((ms) => ms)],
]);

function substring([value, start, length]: readonly Value[]): Value {
  const from = toNumber(start) ?? 0;
  const count = length === undefined ? undefined : (toNumber(length) ?? 0);
  return text(value).slice(from, count === undefined ? undefined : from + count);
}

function instant(ms: number | undefined): Value {
  return ms === undefined ? undefined : new Instant(ms);
}
