import { describe, expect, test } from 'vitest';
import { Dice } from '../../helpers/secrets/dice.ts';
import { comesOut, piecesComeOut } from '../../helpers/secrets/judge.ts';
import { casesOf, plantedSecrets } from '../../helpers/secrets/planted.ts';

const dice = new Dice(11);
const short = dice.base62(12);
const long = dice.base62(44);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What a careless hand makes of a secret. */
const forms: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => `it is ${secret}.`,
  base64,
  'base64 behind one letter': (secret) => base64(`:${secret}`),
  'base64 behind two letters': (secret) => base64(`u:${secret}`),
  'base64 among others, without padding': (secret) => base64(`name=orders\npass=${secret}\nport=1`).replaceAll('=', ''),
  'base64 for URLs': (secret) => Buffer.from(`?>${secret}?>~`).toString('base64url'),
  'base64 over lines': (secret) =>
    (base64(`${'-'.repeat(40)}${secret}${'-'.repeat(40)}`).match(/.{1,20}/g) ?? []).join('\n'),
  'base64 in base64': (secret) => base64(JSON.stringify({ auth: base64(`deploy:${secret}`) })),
  'percent signs for all': (secret) =>
    secret
      .split('')
      .map((sign) => `%${sign.charCodeAt(0).toString(16)}`)
      .join(''),
  'JSON in JSON': (secret) => JSON.stringify({ log: JSON.stringify({ msg: `say "${secret}"` }) }),
  'escaped letters': (secret) =>
    secret
      .split('')
      .map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  'broken line': (secret) => `${secret.slice(0, 5)}\n  ${secret.slice(5)}`,
  'signs of Markdown': (secret) =>
    `${secret.slice(0, 5)}\u200b${secret.slice(5, 8)}\\${secret.slice(8)}`.replace(/\\(?=[nrtux])/, ''),
};

describe('the judge', () => {
  test.each(Object.keys(forms))('sees a secret in this form: %s', (name) => {
    const form = forms[name] ?? String;
    expect([short, long].map((secret) => comesOut(`before ${form(secret)} after`, secret))).toEqual([true, true]);
  });

  test.each(Object.keys(forms))('sees no other secret in this form: %s', (name) => {
    const form = forms[name] ?? String;
    expect([short, long].map((secret) => comesOut(form(secret), dice.base62(secret.length)))).toEqual([false, false]);
  });

  test('takes a contiguous half of a long secret for all of it, wherever it lies, and less for none', () => {
    const halves = [0, 1, 7, 11, 22].map((start) => long.slice(start, start + 22));
    expect(halves.map((half) => comesOut(`[${half}]`, long))).toEqual(halves.map(() => true));
    expect(comesOut(`[${long.slice(3, 23)}] and [${long.slice(24)}]`, long)).toBe(false);
    expect(comesOut(`[${base64(long).slice(0, 31)}]`, long)).toBe(true);
  });

  test('takes a short secret as a whole', () => {
    expect(comesOut(short.slice(1), short)).toBe(false);
  });

  test('of a secret in pieces wants all of a short one, and half of a long one', () => {
    const pieces = [long.slice(0, 14), long.slice(14, 28), long.slice(28)];
    expect(piecesComeOut(`${pieces[0]} [...] ${pieces[2]}`, pieces)).toBe(true);
    expect(piecesComeOut(`${pieces[0]} [...]`, pieces)).toBe(false);
    expect(
      piecesComeOut(JSON.stringify([short.slice(0, 6), short.slice(6)]), [short.slice(0, 6), short.slice(6)]),
    ).toBe(true);
    expect(piecesComeOut(short.slice(0, 6), [short.slice(0, 6), short.slice(6)])).toBe(false);
  });

  test('sees every planted secret where nothing is hidden, and none where all is', () => {
    const cases = casesOf(plantedSecrets(1), 1).filter((_, index) => index % 3 === 0);
    const unseen = cases.filter(
      ({ given, pieces }) => !piecesComeOut(typeof given === 'string' ? given : JSON.stringify(given), pieces),
    );
    expect(unseen.map(({ kind, where, transform }) => `${kind}, ${where}, ${transform}`)).toEqual([]);
    expect(cases.filter(({ pieces }) => piecesComeOut('[redacted]', pieces))).toEqual([]);
  });
});
