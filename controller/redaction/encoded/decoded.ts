import type { Secret } from '../secret.ts';

/** A text as it reads without its escapes, and where each of its characters stands in the text as it is. */
export interface Decoded {
  readonly text: string;
  /** One more than the text has characters: where it ends. */
  readonly starts: Uint32Array;
}

/** Everything that the pattern (global) matches becomes what `read` makes of it; what it gives undefined for stays. */
export function decode(
  text: string,
  pattern: RegExp,
  read: (match: RegExpExecArray) => string | undefined,
): Decoded | undefined {
  const parts: string[] = [];
  const starts = new Uint32Array(text.length + 1);
  let length = 0;
  let kept = 0;
  const copy = (end: number): void => {
    parts.push(text.slice(kept, end));
    for (let at = kept; at < end; at += 1, length += 1) starts[length] = at;
  };
  for (const match of text.matchAll(pattern)) {
    const said = read(match);
    if (said === undefined) continue;
    copy(match.index);
    parts.push(said);
    for (let at = 0; at < said.length; at += 1, length += 1) starts[length] = match.index;
    kept = match.index + match[0].length;
  }
  if (kept === 0) return undefined;
  copy(text.length);
  starts[length] = text.length;
  return { text: parts.join(''), starts };
}

/** What was found in the decoded text, in the text that it stands for, which begins at `offset` of a longer one. */
export function inEncoded(secrets: readonly Secret[], { starts }: Decoded, offset: number): readonly Secret[] {
  return secrets.map(({ start, end, kind }) => ({
    start: offset + (starts[start] ?? 0),
    end: offset + (starts[end] ?? 0),
    kind,
  }));
}

/** How much of a long line is looked at around an escape. */
const reach = 8_192;

/** The lines that hold something of the pattern (global) and those above them, joined where they touch; none over another. */
export function linesWith(text: string, pattern: RegExp): readonly (readonly [number, number])[] {
  const lines: [number, number][] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    // With the line above, which may name what stands on this one.
    const above = text.lastIndexOf('\n', match.index) - 1;
    const start = Math.max(
      above < 0 ? 0 : text.lastIndexOf('\n', above) + 1,
      match.index - reach,
      lines.at(-1)?.[1] ?? 0,
    );
    const newline = text.indexOf('\n', match.index);
    const end = Math.min(newline === -1 ? text.length : newline, match.index + reach);
    const last = lines.at(-1);
    if (last !== undefined && start <= last[1] + 1) last[1] = end;
    else lines.push([start, end]);
    pattern.lastIndex = Math.max(pattern.lastIndex, end);
  }
  return lines;
}
