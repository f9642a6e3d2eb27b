/** Chance makes no text as long as this out of bytes. */
const shortest = 10;

/** The texts that stand in these bytes: stretches of printable characters in UTF-8; also where each has two bytes, as Windows writes them. */
export function textsIn(bytes: Buffer): readonly string[] {
  const narrow = isWide(bytes) ? bytes.filter((_, at) => at % 2 === 0) : bytes;
  const texts: string[] = [];
  let start = 0;
  for (let at = 0; at <= narrow.length; at += 1) {
    if (at < narrow.length && isPrintable(narrow[at] as number)) continue;
    const others = charactersAt(narrow, at);
    if (others > 0) {
      at += others - 1;
      continue;
    }
    if (at - start >= shortest) texts.push(Buffer.from(narrow.subarray(start, at)).toString('utf8'));
    start = at + 1;
  }
  return texts;
}

/** How many bytes a letter of another alphabet has that begins here; none where no such begins. */
function charactersAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first >= 0xc3 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : 0;
  for (let next = 1; next < length; next += 1) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

const values = new Uint8Array(128);
for (const [value, character] of Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
).entries())
  values[character.charCodeAt(0)] = value;
values['-'.charCodeAt(0)] = 62;
values['_'.charCodeAt(0)] = 63;

/** Whether base64, read from one of its four places on, may be a text: nearly all that looks like it is none, so nothing is decoded for this. */
export function mayBeText(encoded: string, from: number): boolean {
  let printable = 0;
  for (let at = from; at + 3 < encoded.length; at += 4) {
    const bits =
      (valueAt(encoded, at) << 18) |
      (valueAt(encoded, at + 1) << 12) |
      (valueAt(encoded, at + 2) << 6) |
      valueAt(encoded, at + 3);
    for (let shift = 16; shift >= 0; shift -= 8) printable = isPrintable((bits >> shift) & 0xff) ? printable + 1 : 0;
    if (printable >= shortest) return true;
    // What Windows writes has a zero at every other place, what was compressed begins with its own sign.
    if ((at === from && bits >> 8 === 0x1f8b) || isWideStart(bits)) return true;
  }
  return false;
}

function isWideStart(bits: number): boolean {
  return ((bits >> 8) & 0xff) === 0 && isPrintable(bits >> 16) && isPrintable(bits & 0xff);
}

function valueAt(encoded: string, at: number): number {
  return values[encoded.charCodeAt(at)] ?? 0;
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isWide(bytes: Buffer): boolean {
  if (bytes.length < 2 * shortest) return false;
  for (let at = 1; at < 2 * shortest; at += 2) if (bytes[at] !== 0) return false;
  return true;
}
