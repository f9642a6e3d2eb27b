/** What each thing of a world is called instead. No two are called the same. */
export type NewNames = ReadonlyMap<string, string>;

/** Fields whose values are the product's own words and not the world's, whatever the world is called. */
const vocabulary: ReadonlySet<string> = new Set([
  'action',
  'aspect',
  'class',
  'findingGone',
  'kind',
  'level',
  'role',
  'severity',
  'skill',
  'type',
  'unit',
]);

/**
 * Renames everything in all texts of a JSON value: where a name stands as words of its own, also within ids, paths, addresses and
 * messages. A name within another word is none. Fields' names stay.
 */
export function rename<T>(value: T, names: NewNames): T {
  // The longer first: a name may be a part of another.
  const longest = [...names.keys()].toSorted((a, b) => b.length - a.length);
  const words = longest.map((name) => name.replaceAll('.', '\\.')).join('|');
  const pattern = new RegExp(`(?<![A-Za-z0-9])(?:${words})(?![A-Za-z0-9])`, 'g');
  const renamed = (text: string): string => text.replaceAll(pattern, (name) => names.get(name) ?? name);
  const text = JSON.stringify(value, (key, held: unknown) =>
    typeof held === 'string' && !vocabulary.has(key) ? renamed(held) : held,
  );
  return JSON.parse(text) as T;
}

/** Every text of a JSON value, such as the names of a world. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/**
 * Random names in the place of these, in another order of the alphabet: what separates their words and the ending of a file stay,
 * since they mean something. None is in `taken`, and none is a part of another, because clients are known by names that hold a service's.
 */
export function newNamesFor(names: Iterable<string>, taken: string, next: () => number): NewNames {
  const chosen = new Map<string, string>();
  for (const name of new Set(names)) {
    const free = (candidate: string): boolean =>
      !taken.includes(candidate) && [...chosen.values()].every((other) => areApart(candidate, other));
    let candidate = inventedFor(name, next);
    while (!free(candidate)) candidate = inventedFor(name, next);
    chosen.set(name, candidate);
  }
  return chosen;
}

function areApart(one: string, other: string): boolean {
  const [a, b] = [stemOf(one), stemOf(other)];
  return !a.includes(b) && !b.includes(a);
}

function stemOf(name: string): string {
  return name.replace(/\.[a-z]+$/, '');
}

function inventedFor(name: string, next: () => number): string {
  const stem = stemOf(name);
  return stem.replaceAll(/[a-z]+/g, () => word(next)) + name.slice(stem.length);
}

/** Three or four syllables: hardly ever a word that means something. */
function word(next: () => number): string {
  const syllable = (): string => pick('bdfghjklmnprstvwz', next) + pick('aeiou', next);
  return Array.from({ length: 3 + Math.floor(next() * 2) }, syllable).join('');
}

function pick(letters: string, next: () => number): string {
  return letters[Math.floor(next() * letters.length)] ?? '';
}
