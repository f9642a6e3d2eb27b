/** Letters and digits that follow each other, with the signs of base64. */
export interface Run {
  readonly start: number;
  readonly end: number;
  /** Hexadecimal digits alone. */
  readonly isHex: boolean;
}

const none = 0;
const upper = 1;
const lower = 2;
const other = 4;
const notHex = 8;
const ofRun = 16;

const kinds = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) kinds[code] = kindOf(String.fromCharCode(code));

function kindOf(character: string): number {
  const hex = /[0-9a-f]/i.test(character) ? 0 : notHex;
  if (/[A-Z]/.test(character)) return ofRun | upper | hex;
  if (/[a-z]/.test(character)) return ofRun | lower | hex;
  return /[0-9+/_-]/.test(character) ? ofRun | other | hex : none;
}

/** Shorter than this an encoded text is told by what stands beside it or not at all. */
const shortest = 16;

/** The runs that an encoded text may be: of hexadecimal digits, or with letters of both cases, as base64 of a text always has. */
export function runsIn(text: string): readonly Run[] {
  const runs: Run[] = [];
  let start = 0;
  let seen = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    const kind = code < 128 ? (kinds[code] as number) : none;
    if (kind !== none) {
      seen |= kind;
      continue;
    }
    const isHex = (seen & notHex) === 0;
    if (at - start >= shortest && (isHex || (seen & (upper | lower)) === (upper | lower)))
      runs.push({ start, end: at, isHex });
    start = at + 1;
    seen = 0;
  }
  return runs;
}
