/** From this length on half of a secret is taken to be as bad as all of it. */
const long = 20;
/** A stretch of base64 that is worth decoding. */
const encoded = /[A-Za-z0-9+/]{16,}/g;
const depth = 3;

const sameAlphabet = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/');

/** One layer of what JSON, source code or Markdown puts before a sign. */
const unescaped = (text: string): string =>
  text.replaceAll(
    /\\(?:u\{?([0-9a-fA-F]{4})\}?|x([0-9a-fA-F]{2})|([^]))/g,
    (_, four?: string, two?: string, sign = '') => {
      const code = four ?? two;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return /[nrt]/.test(sign) ? '\n' : sign;
    },
  );

function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    const bytes = run
      .slice(1)
      .split('%')
      .map((two) => Number.parseInt(two, 16));
    return Buffer.from(bytes).toString('utf8');
  });
}

/** Zero-width signs too: a report in Markdown puts some in. */
const squeezed = (text: string): string => text.replaceAll(/[\s\u200b]+/g, '');

/** Texts alone: what decodes to anything else was no base64 of one. */
const isText = (text: string): boolean => (text.match(/[\x20-\x7e\n\r\t]/g) ?? []).length > 0.9 * text.length;

function decodedRuns(text: string): string {
  // A run may begin in front of what was encoded: each of the four places in a group of four characters.
  return (sameAlphabet(text).match(encoded) ?? [])
    .flatMap((run) => [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('latin1')))
    .filter(isText)
    .join('\n');
}

/** As often as it may have been put into JSON, each with and without percent signs. */
function unwrapped(text: string): readonly string[] {
  const layers = [text];
  for (let turn = 0; turn < depth; turn += 1) layers.push(unescaped(layers.at(-1) ?? ''));
  const all = layers.flatMap((layer) => [layer, percentDecoded(layer)]);
  return [...new Set(all.flatMap((layer) => [layer, squeezed(layer)]))];
}

/** The text and what it says to whoever undoes its escapes, line breaks and encodings. */
export function readingsOf(output: string): readonly string[] {
  const found = new Set<string>();
  let latest: readonly string[] = [output];
  for (let turn = 0; turn < depth; turn += 1) {
    const fresh = latest
      .filter((text) => text !== '')
      .flatMap(unwrapped)
      .filter((text) => !found.has(text));
    for (const text of fresh) found.add(text);
    latest = [...new Set(fresh.map(decodedRuns))];
  }
  return [...found];
}

/** Of base64 of a text with `secret` in it: what does not depend on what is before and after, at each of the three alignments. */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const unstable = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    return text.slice(offset === 0 ? 0 : offset + 1, text.length - unstable);
  });
}

/** The whole, or of what is long a contiguous half. */
function appears(haystack: string, needle: string): boolean {
  if (needle.length < long) return needle !== '' && haystack.includes(needle);
  const half = Math.ceil(needle.length / 2);
  // Each stretch of that length has in it one of the blocks that begin at the multiples of half its length.
  const block = Math.floor((half + 1) / 2);
  for (let start = 0; start + block <= needle.length; start += block) {
    const piece = needle.slice(start, start + block);
    for (let at = haystack.indexOf(piece); at >= 0; at = haystack.indexOf(piece, at + 1)) {
      if (stretch(haystack, at, needle, start) >= half) return true;
    }
  }
  return false;
}

/** How many characters around these places are the same. */
function stretch(one: string, at: number, other: string, start: number): number {
  let before = 0;
  while (before < Math.min(at, start) && one[at - before - 1] === other[start - before - 1]) before += 1;
  let after = 0;
  while (start + after < other.length && one[at + after] === other[start + after]) after += 1;
  return before + after;
}

/** What an output is searched in; made once where many secrets are looked for in one output. */
export interface Output {
  readonly text: string;
  readonly inOneAlphabet: string;
}

/** Of the strings of an output, each of which is read for itself. */
export function outputOf(strings: readonly string[]): Output {
  const text = [...new Set(strings.flatMap(readingsOf))].join('\n');
  return { text, inOneAlphabet: sameAlphabet(text) };
}

/**
 * Whether a secret comes out: whole, or a contiguous half of a long one, in plain, escaped, percent-encoded, broken over lines, or in
 * base64 wherever in it.
 */
export function comesOut(output: string | Output, secret: string): boolean {
  const { text, inOneAlphabet } = typeof output === 'string' ? outputOf([output]) : output;
  const plain = new Set([secret, unescaped(secret), percentDecoded(secret)]);
  if ([...plain].some((form) => appears(text, form))) return true;
  return base64Forms(secret).some((form) => appears(inOneAlphabet, sameAlphabet(form)));
}

/**
 * Of a secret that came in pieces, such as the lines of a key: whether half of a long one comes out, or all pieces of a short one.
 */
export function piecesComeOut(output: string | Output, pieces: readonly string[]): boolean {
  const whole = pieces.join('');
  const known = typeof output === 'string' ? outputOf([output]) : output;
  if ((pieces.length === 1 || whole.length >= long) && comesOut(known, whole)) return true;
  if (pieces.length === 1) return false;
  const out = pieces.filter((piece) => comesOut(known, piece)).reduce((sum, { length }) => sum + length, 0);
  return whole.length >= long ? out >= whole.length / 2 : out === whole.length;
}
