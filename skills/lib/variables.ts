import { isSecretLike, shownValue } from './secret-like.ts';

/** A variable that differs; null where it is not set. Values of secrets are redacted. */
export type VariableDifference = {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly redacted: boolean;
};

type Variables = Readonly<Record<string, string>>;

/** The variables in which two environments differ, by name. */
export function variableDifferences(before: Variables, now: Variables): readonly VariableDifference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  return names.flatMap((name) => {
    const from = before[name];
    const to = now[name];
    return from === to ? [] : [variableDifference(name, from, to)];
  });
}

function variableDifference(name: string, from: string | undefined, to: string | undefined): VariableDifference {
  const shownFrom = from === undefined ? null : shownValue(name, from);
  const shownTo = to === undefined ? null : shownValue(name, to);
  const redacted = [from, to].some((value) => value !== undefined && isSecretLike(name, value));
  return { name, from: shownFrom, to: shownTo, redacted };
}

/** `DB_HOST "a" -> "b"`: for a person. */
export function describeVariables(variables: readonly VariableDifference[]): readonly string[] {
  return variables.map(({ name, from, to }) => `${name} ${quoted(from)} -> ${quoted(to)}`);
}

function quoted(value: string | null): string {
  return value === null ? 'unset' : JSON.stringify(value);
}
