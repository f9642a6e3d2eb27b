import { describe, expect, it } from 'vitest';
import { redact } from '../../../controller/redaction/redact.ts';
import { redactJson } from '../../../controller/redaction/redact-json.ts';
import { harmless, pem, samples } from './samples.ts';

/** What JSON makes of a text when it stands in a string: once, or in a string of a string. */
const escapings: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in JSON', (text) => JSON.stringify({ message: text })],
  ['in JSON in JSON', (text) => JSON.stringify({ message: JSON.stringify({ message: text }) })],
];

describe.each(escapings)('redaction of a text %s', (_title, escape) => {
  it.each(samples.map((sample) => [sample.kind, sample] as const))(
    'takes out a %s and nothing else: %j',
    (kind, sample) => {
      const redacted = redact(escape(sample.text));
      // No sample's secret holds what an escaping changes.
      expect(redacted).toBe(escape(sample.text).replace(sample.secret, `[redacted:${kind}]`));
      expect(redact(redacted)).toBe(redacted);
    },
  );

  it.each(harmless)('keeps %j', (text) => {
    expect(redact(escape(text))).toBe(escape(text));
  });
});

/** What this thread has computed since, whatever else the machine does. */
function spentMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1000;
}

describe('redaction of private keys', () => {
  it.each(['\n', '\r\n', '\\n', '\\\\n'])('takes out a whole key with lines ended by %j', (eol) => {
    expect(redact(`before ${pem(eol)} after`)).toBe('before [redacted:private-key] after');
  });

  it('takes out one that is cut off, and each of several', () => {
    const cut = pem('\n').slice(0, 90);
    expect(redact(`a ${cut}`)).toBe('a [redacted:private-key]');
    expect(redact(`${pem('\n')} and ${pem('\n')}.`)).toBe('[redacted:private-key] and [redacted:private-key].');
  });
});

describe('redaction of JSON', () => {
  it('goes by the names of fields, also beside the value', () => {
    const value = {
      user: 'app',
      password: 'a b c',
      nested: [{ DB_PASSWORD: 12345, port: 5432 }, { apiKey: 'AKIA' + 'ABCDEFGH234567JK' }],
      environment: [
        { name: 'DB_PASSWORD', value: 'hunter2' },
        { name: 'LOG_LEVEL', value: 'debug' },
      ],
      secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/token' }],
      text: 'connect postgres://u:pw1@h/db',
      kept: [null, true, 1.5, { tokens: 3 }],
    };
    expect(redactJson(value)).toEqual({
      user: 'app',
      password: '[redacted:password]',
      nested: [{ DB_PASSWORD: '[redacted:password]', port: 5432 }, { apiKey: '[redacted:aws-access-key]' }],
      environment: [
        { name: 'DB_PASSWORD', value: '[redacted:password]' },
        { name: 'LOG_LEVEL', value: 'debug' },
      ],
      secrets: value.secrets,
      text: 'connect postgres://u:[redacted:url-password]@h/db',
      kept: value.kept,
    });
    expect(redactJson(redactJson(value))).toEqual(redactJson(value));
    expect(value.password).toBe('a b c');
  });

  it('takes out a secret of one event that the end of the event before it tells', () => {
    const [told, secret] = ['it is postgres://app:', 'maple42'];
    for (let at = 1; at <= told.length; at += 1) {
      const events = [{ message: told.slice(0, at) }, { message: `${told.slice(at)}${secret}@db:5432/x` }];
      expect(JSON.stringify(redactJson(events))).not.toContain(secret);
    }
  });

  it('does not join an event with a time to the one before it', () => {
    const events = ['password: null', 'using password: YES', 'token: expired'].flatMap((message) => [
      { message },
      { message: '2026-11-30T10:00:00.000Z INFO done' },
    ]);
    expect(redactJson(events)).toEqual(events);
    const [head, rest] = [`token ghp_${'a1'.repeat(9)}`, 'b2'.repeat(9)];
    const split = [{ message: `2026-11-30T10:00:00.000Z ${head}` }, { message: rest }, ...events];
    expect(JSON.stringify(redactJson(split))).not.toContain('b2');
    expect(JSON.stringify(redactJson(split.toReversed()))).not.toContain('b2');
  });

  it('takes out secrets that are keys of an object', () => {
    expect(JSON.stringify(redactJson({ [`ghp_${'a1'.repeat(20)}`]: 1 }))).toBe('{"[redacted:github-token]":1}');
  });
});

/** A small seeded generator, so that a failure can be run again (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('whatever is put together', () => {
  const glue = [' ', '\n', ', ', '; ', ' = ', '"', "'", '\\"', '\\\\n', '\t', ' {', '}', ' @', ': '];
  const next = random(Number(process.env['REDACTION_SEED'] ?? 20261121));
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const texts = Array.from({ length: 2_000 }, () =>
    Array.from({ length: 6 }, () => pick([pick(samples).text, pick(harmless), 'password', 'token:']) + pick(glue)).join(
      '',
    ),
  );

  it('redaction is idempotent', () => {
    for (const text of texts) {
      const once = redact(text);
      expect(redact(once)).toBe(once);
    }
  });

  it('no secret of known form is left', () => {
    const known = /(?:ghp_|ghs_|github_pat_|sk_live_|xoxb-|npm_|hvs\.|glpat-)[A-Za-z0-9]{12}/;
    for (const text of texts) expect(redact(text)).not.toMatch(known);
  });
});

describe('the time it takes', () => {
  const size = 1_000_000;
  const units = [
    'a',
    'eyJ',
    'eyJ.',
    'eyJhbGciOi.',
    'password',
    'password ',
    'password=',
    'password="',
    "password='x",
    'password\\"',
    'token:  ',
    'arn:aws:',
    'http://a:',
    '://',
    ':\\/\\/',
    ':\\\\\\',
    '://a:b',
    '@',
    'bearer ',
    'bearer a',
    'sk-',
    'ghp_',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----a ',
    '\\',
    '\\"',
    '"',
    ' ',
    '\n',
    '--token ',
    '_pass',
    'name": "token" , ',
    'secret_',
    'secret-key',
    'sig=',
    '?sig=a',
    'cookie:',
    'authorization: basic ',
    'token value',
    'token\n  value',
    'aA1',
    'SG.',
    'hooks.slack.com/services/',
    'password=$',
    'token=<<<',
    '...',
    'a0b1c2…',
    'deadbeef',
    '=deadbeef0',
    'a1\\\n',
    'aB3\nxY4',
    'docker run -e TOKEN=a1\n',
    '2026-01-01T00:00:00.000000000Z stdout P a1\n',
    '{"log":"a1b2"}\n',
    '<token>a&amp;',
    "secret='x\n",
    'echo a-',
    '{"value":"',
    '://x:y@',
    'kind: Secret\n',
    'kind: Secret\ndata:\n',
    'token: |\n  ',
    'pw=a&',
    'variable "password" {',
    'setPassword(',
    'user a on >',
    'password,user\na,b\n',
    'passwords:\n- x\n',
    'update x set password=$1 parameters: $1 = ',
    'Parameters: a(String), ',
    'pw for a ',
  ];

  it.each(units)('is in proportion to the text made of %j', (unit) => {
    const text = unit.repeat(Math.ceil(size / unit.length));
    const started = process.threadCpuUsage();
    redact(text);
    expect(spentMs(started)).toBeLessThan(2_000);
  });
});
