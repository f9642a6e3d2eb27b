import { gunzipSync } from 'node:zlib';
import { entropyOf } from '../entropy.ts';
import type { Finder, Secret } from '../secret.ts';
import { holdsCredentials } from './credentials.ts';
import { mayBeText, textsIn } from './texts-in.ts';
import { type Run, runsIn } from './runs.ts';

const nextLine = /(?:\r?\n|\\{1,8}r?\\{0,8}n)[ \t]{0,40}(?<line>[\w+/-]+)/y;
const padding = /(?:=|%3D|\\u003d){1,2}/iy;

/** What is longer is looked at by its beginning. */
const longest = 262_144;
/** Lines that are wrapped are at least so long. */
const shortestLine = 40;

/** Texts in base64, on one line or several, or in hexadecimal digits, that hold a secret: all of it goes. Also lines out of a private key. */
export function base64Finder(find: Finder): Finder {
  return (text) => {
    const secrets: Secret[] = [];
    let seen = 0;
    for (const run of runsIn(text)) {
      if (run.start < seen) continue;
      const secret = secretIn(text, run, find);
      seen = secret?.end ?? seen;
      if (secret?.kind !== undefined) secrets.push({ ...secret, kind: secret.kind });
    }
    return secrets;
  };
}

type Seen = Omit<Secret, 'kind'> & { readonly kind?: string };

/** Up to where the text was looked at, and the kind of secret that was seen there. */
function secretIn(text: string, run: Run, find: Finder): Seen {
  const first = text.slice(run.start, run.end);
  if (run.isHex) {
    const held = first.length % 2 === 0 && hold([Buffer.from(first, 'hex')], find);
    return { ...run, ...(held ? { kind: 'hex' } : {}) };
  }
  const { lines, end } = unwrapped(text, run, first);
  const kind = hold(bytesOf(lines.join('')), find) ? 'base64' : keyIn(text, run.start, lines);
  return { start: run.start, end, ...(kind === undefined ? {} : { kind }) };
}

function unwrapped(text: string, run: Run, first: string): { readonly lines: readonly string[]; readonly end: number } {
  const lines = [first];
  let end = run.end;
  for (let last = first; last.length >= shortestLine && last.length === first.length;) {
    nextLine.lastIndex = end;
    const match = nextLine.exec(text);
    last = match?.groups?.['line'] ?? '';
    if (match === null || last.length > first.length) break;
    lines.push(last);
    end += match[0].length;
  }
  padding.lastIndex = end;
  return { lines, end: end + (padding.exec(text)?.[0].length ?? 0) };
}

/** It may have been cut off at its beginning, or stand right behind something else: each of the four places to begin is tried. */
function* bytesOf(encoded: string): Iterable<Buffer> {
  for (let from = 0; from < 4; from += 1) {
    if (!mayBeText(encoded, from)) continue;
    const bytes = Buffer.from(encoded.slice(from, from + longest), 'base64');
    yield from === 0 ? unpacked(bytes) : bytes;
  }
}

function hold(all: Iterable<Buffer>, find: Finder): boolean {
  for (const bytes of all)
    if (textsIn(bytes).some((text) => find(text).length > 0 || holdsCredentials(text))) return true;
  return false;
}

/** What was compressed before it was encoded, as Helm's releases are. */
function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: 4 * longest });
  } catch {
    return bytes;
  }
}

/** Lines of 64 characters that no text was encoded in: PEM has them and hardly anything else. */
const lineOfKey = 64;
/** What else is written so, and is no secret. */
const publicBlock = /-----BEGIN (?!(?:[A-Z0-9]+ ){0,4}PRIVATE KEY)[A-Z0-9 ]{1,40}-----[^-]*$/;

function keyIn(text: string, start: number, lines: readonly string[]): string | undefined {
  if (lines.length < 3 || lines[0]?.length !== lineOfKey || entropyOf(lines.join('')) < 5) return undefined;
  return publicBlock.test(text.slice(Math.max(0, start - 20_000), start)) ? undefined : 'private-key';
}
