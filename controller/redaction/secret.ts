/** A stretch of a text that is a secret, and what is said in its place: `[redacted:<kind>]`. */
export interface Secret {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

/** Tells the secrets of a text: in order, none over another. What is in a marker is no secret. */
export type Finder = (text: string) => readonly Secret[];

/** What stands in the place of a secret. */
export function marker(kind: string): string {
  return `[redacted:${kind}]`;
}

/** The text without these secrets, which are in order. */
export function without(text: string, secrets: readonly Secret[]): string {
  if (secrets.length === 0) return text;
  const parts: string[] = [];
  let kept = 0;
  for (const { start, end, kind } of secrets) {
    parts.push(text.slice(kept, start), marker(kind));
    kept = end;
  }
  parts.push(text.slice(kept));
  return parts.join('');
}

/** In order; what lies over another one is joined to it, under the kind of whichever was given first. */
export function joined(secrets: readonly Secret[]): readonly Secret[] {
  const ranked = secrets.map((secret, rank) => ({ ...secret, rank }));
  const all: (Secret & { readonly rank: number })[] = [];
  for (const secret of ranked.toSorted((a, b) => a.start - b.start || a.rank - b.rank)) {
    const last = all.at(-1);
    if (last === undefined || secret.start >= last.end) all.push(secret);
    else all[all.length - 1] = over(last, secret);
  }
  return all.map(({ start, end, kind }) => ({ start, end, kind }));
}

function over<T extends Secret & { readonly rank: number }>(one: T, other: T): T {
  const first = one.rank <= other.rank ? one : other;
  return { ...first, start: one.start, end: Math.max(one.end, other.end) };
}

/** Each finder looks at what the ones before it have left; the secrets are told by their places in the text as it is. */
export function inTurn(finders: readonly Finder[]): Finder {
  return (text) => {
    let secrets: readonly Secret[] = [];
    let left = text;
    for (const find of finders) {
      const found = find(left);
      const more = found.length === 0 ? found : found.filter(({ start, end }) => end > start);
      if (more.length === 0) continue;
      secrets = joined([...secrets, ...inOriginal(more, secrets)]);
      left = without(text, secrets);
    }
    return secrets;
  };
}

/** Where in the original text those lie that were found in it without the secrets `gone`. */
function inOriginal(found: readonly Secret[], gone: readonly Secret[]): readonly Secret[] {
  let next = 0;
  let shift = 0;
  const at = (place: number, isEnd: boolean): number => {
    for (let secret = gone[next]; secret !== undefined; secret = gone[next]) {
      const { start, end, kind } = secret;
      const length = marker(kind).length;
      if (place + shift < start + (isEnd ? 1 : 0)) break;
      // Within a marker: all of what it stands for.
      if (place + shift < start + length) return isEnd ? end : start;
      shift += end - start - length;
      next += 1;
    }
    return place + shift;
  };
  return found.map(({ start, end, kind }) => ({ start: at(start, false), end: at(end, true), kind }));
}
