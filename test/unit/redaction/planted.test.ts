import { describe, expect, it } from 'vitest';
import { withoutSplit } from '../../../controller/redaction/pieces.ts';
import { redact, redactHead } from '../../../controller/redaction/redact.ts';
import { redactJson } from '../../../controller/redaction/redact-json.ts';
import { Chance } from './look-alikes.ts';
import { base64, planted } from './planted.ts';

const secrets = planted(new Chance(7));
const escaped = (text: string): string =>
  Array.from(text, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const wrapped = (text: string, width: number): string => text.replaceAll(new RegExp(`(.{${width}})`, 'g'), '$1\n');
const padded = (text: string): string => `# a configuration that has more in it\n${text}\nand = more of it\n`;

/** How a text may be written, and how the secret in it then is, where it still stands by itself. */
const encodings: readonly (readonly [string, (text: string) => string, ((secret: string) => string)?])[] = [
  ['as it is', (text) => text, (secret) => secret],
  ['JSON', (text) => JSON.stringify({ text }), (secret) => secret],
  ['JSON in JSON', (text) => JSON.stringify({ text: JSON.stringify({ text }) }), (secret) => secret],
  ['JSON with escaped characters', (text) => `{"text":"${escaped(text)}"}`, escaped],
  ['JSON with escaped slashes', (text) => JSON.stringify({ text }).replaceAll('/', '\\/'), (secret) => secret],
  ['a URL', (text) => `q=${encodeURIComponent(text)}`, encodeURIComponent],
  [
    'a URL in a URL',
    (text) => `q=${encodeURIComponent(encodeURIComponent(text))}`,
    (secret) => encodeURIComponent(encodeURIComponent(secret)),
  ],
  ['base64', (text) => `file ${base64(padded(text))} read`],
  ['base64 without padding', (text) => Buffer.from(padded(text)).toString('base64url')],
  ['base64 in lines of 64', (text) => wrapped(base64(padded(text)), 64)],
  ['base64 in lines of 76', (text) => wrapped(base64(padded(text)), 76)],
  ['base64 of base64', (text) => base64(`x: ${base64(padded(text))}\n`)],
  ['base64 cut at its beginning', (text) => base64(padded(text)).slice(5)],
  ['hexadecimal digits', (text) => Buffer.from(padded(text)).toString('hex')],
];

describe.each(encodings.map(([name, encode, inText]) => ({ name, encode, inText })))(
  'planted secrets in $name',
  ({ encode, inText }) => {
    it.each(secrets)('$format', ({ text, secret }) => {
      const encoded = encode(text);
      const redacted = redact(encoded);
      expect(redacted).toContain('[redacted:');
      // Encoded whole, all of it has to go.
      expect(redacted).not.toContain(inText?.(secret) ?? encoded.trim().slice(8, 40));
      expect(redact(redacted)).toBe(redacted);
    });
  },
);

describe('planted secrets that are cut in two', () => {
  const issued = secrets.filter(({ format }) => format === 'issued' || format === 'key');

  it.each(issued)('are gone from both pieces: $text', ({ text, secret }) => {
    const at = text.indexOf(secret);
    for (let cut = at + 1; cut < at + secret.length; cut += 3) {
      const pieces = withoutSplit([text.slice(0, cut), text.slice(cut)]).map((piece) => redact(piece));
      expect(left(pieces.join(' '), secret)).toBe('');
      const events = redactJson([{ message: text.slice(0, cut) }, { message: text.slice(cut) }]);
      expect(left(JSON.stringify(events), secret)).toBe('');
    }
  });

  it.each(secrets.filter(({ format }) => format !== 'key'))(
    'are gone where a bound cuts them: $format',
    ({ text, secret }) => {
      const at = text.indexOf(secret);
      const limit = at + Math.ceil(secret.length / 2);
      expect(redactHead(text, limit)).not.toContain(secret.slice(0, Math.ceil(secret.length / 2)));
      expect(redactHead(text, limit).length).toBeLessThanOrEqual(limit);
    },
  );
});

/** The longest part of a secret that is still there, from eight characters on. */
function left(text: string, secret: string): string {
  for (let at = 0; at + 8 <= secret.length; at += 1)
    if (text.includes(secret.slice(at, at + 8))) return secret.slice(at);
  return '';
}
