import { describe, expect, it } from 'vitest';
import { KnownSecrets } from '../../../controller/redaction/known-secrets.ts';
import { without } from '../../../controller/redaction/secret.ts';
import { remembering, rememberEnvironment } from '../../../controller/wiring/remember-secrets.ts';

const secret = 'Blue Horse/42+"x"';
const known = new KnownSecrets();
known.add(secret);
const told = (text: string, by = known): string => without(text, by.find(text));

describe('known secrets', () => {
  it.each([
    ['literally', secret],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in a URL', encodeURIComponent(secret)],
    ['in hexadecimal digits', Buffer.from(secret).toString('hex')],
    ...[0, 1, 2].map((before) => [
      `in base64 ${before} on`,
      Buffer.from(`${'~'.repeat(before)}${secret}..`).toString('base64'),
    ]),
    ['in base64 for URLs', Buffer.from(secret).toString('base64url')],
  ])('are hidden %s', (_how, text) => {
    expect(told(`a ${text} b`)).toBe('a [redacted:known-secret] b');
  });

  it('are not what is short, plain or a number', () => {
    const plain = new KnownSecrets();
    for (const value of ['short', 'postgres', 'Username', '12345678', '']) plain.add(value);
    const text = 'short postgres Username 12345678';
    expect(told(text, plain)).toBe(text);
  });

  it('are the latest only, and each line of a key', () => {
    const many = new KnownSecrets();
    for (let at = 0; at < 1_200; at += 1) many.add(`Value-${at}-of-Many`);
    expect(told('Value-1-of-Many', many)).toBe('Value-1-of-Many');
    expect(told('Value-1199-of-Many', many)).toBe('[redacted:known-secret]');
    const line = 'c0ffee'.repeat(8);
    many.add(`-----BEGIN X-----\n${line}\n-----END X-----`);
    expect(told(`log: ${line}`, many)).toBe('log: [redacted:known-secret]');
  });

  it('are found in time that is in proportion to the text', () => {
    const started = process.threadCpuUsage();
    told('Blue Hors'.repeat(120_000));
    expect(process.threadCpuUsage(started).user / 1000).toBeLessThan(500);
  });
});

describe('secrets that the operator reads', () => {
  it('are known from then on, but not whose they are', async () => {
    const data = Object.fromEntries(
      Object.entries({ username: 'payments-app', password: 'k9Qw8e7r', url: 'postgres://u:Zx81Cv92@db/x' }).map(
        ([key, value]) => [key, Buffer.from(value).toString('base64')],
      ),
    );
    const own = new KnownSecrets();
    const reader = { get: () => Promise.resolve({ metadata: { name: 'db', namespace: 'a' }, data }) };
    await remembering(reader, own).get('a', 'db', new AbortController().signal);
    expect(told('payments-app used k9Qw8e7r and Zx81Cv92', own)).toBe(
      'payments-app used [redacted:known-secret] and [redacted:known-secret]',
    );
  });

  it('are also those of its environment', () => {
    const own = new KnownSecrets();
    rememberEnvironment({ AWS_SECRET_ACCESS_KEY: 'abc/def+12345', HOME: '/home/operator' }, own);
    expect(told('/home/operator abc/def+12345', own)).toBe('/home/operator [redacted:known-secret]');
  });
});
