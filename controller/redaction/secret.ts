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

/** In order, and what lies over another one joined to it. */
export function joined(secrets: readonly Secret[]): readonly Secret[] {
  const all: Secret[] = [];
  for (const secret of secrets.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = all.at(-1);
    if (last === undefined || secret.start >= last.end) all.push(secret);
    else if (secret.end > last.end) all[all.length - 1] = { ...last, end: secret.end };
  }
  return all;
}

/** Each finder looks at what the ones before it have left; the secrets are told by their places in the text as it is. */
export function inTurn(finders: readonly Finder[]): Finder {
  return (text) => {
    let secrets: readonly Secret[] = [];
    let left = text;
    for (const find of finders) {
      const more = find(left);
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
