import { canonicalJson } from '../../evidence/canonical.ts';
import type { Diagnosis } from '../../reasoning/reasoner.ts';

/** What two diagnoses of one question differ in, what matters most first; empty when they are the same to the byte. */
export function differences(before: Diagnosis, now: Diagnosis): readonly string[] {
  if (canonicalJson(before) === canonicalJson(now)) return [];
  const essential = essentials.flatMap(([name, of]) =>
    of(before) === of(now) ? [] : [`${name}: ${of(now)}, and was ${of(before)}`],
  );
  return essential.length > 0 ? essential : [`words: ${fieldsOf(before, now).join(', ')}`];
}

const essentials: readonly (readonly [string, (diagnosis: Diagnosis) => string])[] = [
  ['verdict', ({ verdict }) => verdict],
  ['cause', ({ rootCause }) => (rootCause === undefined ? 'none' : `${rootCause.kind} at ${rootCause.node}`)],
  ['confidence', ({ rootCause }) => (rootCause === undefined ? 'none' : String(rootCause.confidence))],
  ['fix', ({ fix }) => (fix === undefined ? 'none' : `${fix.action} at ${fix.node} ${canonicalJson(fix.parameters)}`)],
  ['chain', ({ chain }) => chain.join(' -> ') || 'none'],
  [
    'alternatives',
    ({ alternatives }) =>
      alternatives.map(({ kind, node, confidence }) => `${kind} at ${node} (${confidence})`).join(', ') || 'none',
  ],
  [
    'predictions',
    ({ predictions }) =>
      predictions
        .map(({ findingGone, node, withinSeconds }) => `${findingGone} gone from ${node} within ${withinSeconds} s`)
        .join(', ') || 'none',
  ],
];

function fieldsOf(before: Diagnosis, now: Diagnosis): readonly string[] {
  const [one, other] = [new Map(Object.entries(before)), new Map(Object.entries(now))];
  const names = [...new Set([...one.keys(), ...other.keys()])].toSorted();
  const textOf = (value: unknown): string => canonicalJson(value ?? null);
  return names.filter((name) => textOf(one.get(name)) !== textOf(other.get(name)));
}
