import { describe, expect, it } from 'vitest';
import { redact } from '../../../controller/redaction/redact.ts';
import { redactJson } from '../../../controller/redaction/redact-json.ts';
import { Chance, formats } from './look-alikes.ts';

const perFormat = 10;

describe('what looks like a secret and is none', () => {
  it('is of many formats', () => {
    expect(formats.length).toBeGreaterThan(80);
  });

  it.each(formats)('stays: %s', (_name, make) => {
    const chance = new Chance(1);
    for (let at = 0; at < perFormat; at += 1) {
      const text = make(chance);
      expect(redact(text)).toBe(text);
      expect(redact(JSON.stringify({ message: text }))).toBe(JSON.stringify({ message: text }));
      expect(redactJson({ message: text, value: text })).toEqual({ message: text, value: text });
    }
  });
});
