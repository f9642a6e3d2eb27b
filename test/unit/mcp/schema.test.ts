import { describe, expect, it } from 'vitest';
import { checkOf, fillingCheckOf } from '../../../controller/mcp/schema.ts';

describe('schema checks', () => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    properties: { at: { type: 'string', format: 'date-time' }, mode: { enum: ['a', 'b'] }, n: { default: 3 } },
  };

  it.each([
    [{ at: '2026-11-21T06:00:00Z' }, undefined],
    [{ at: 'yesterday' }, '/at must match format "date-time"'],
    [{ mode: 'c' }, '/mode must be equal to one of the allowed values (["a","b"])'],
    [{ other: 1 }, '/ must NOT have additional properties ("other")'],
    ['x', '/ must be object'],
  ])('of %j: %s', (value, wrong) => {
    expect(checkOf(schema)(value)).toBe(wrong);
  });

  it('fills defaults in only where asked to', () => {
    const [checked, filled] = [{}, {}];
    expect(checkOf(schema)(checked)).toBeUndefined();
    expect(fillingCheckOf(schema)(filled)).toBeUndefined();
    expect([checked, filled]).toEqual([{}, { n: 3 }]);
  });

  it('reads draft 7 and 2020-12', () => {
    const tuple = [{ type: 'string' }, { type: 'number' }];
    const draft7 = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'array',
      items: tuple,
      additionalItems: false,
    };
    const latest = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'array',
      prefixItems: tuple,
      items: false,
    };
    for (const check of [checkOf(draft7), checkOf(latest)]) {
      expect(check(['a', 1])).toBeUndefined();
      expect(check([1, 1])).toBe('/0 must be string');
      expect(check(['a', 1, 2])).toBeDefined();
    }
  });

  it('keeps the schemas of two servers apart that have the same $id', () => {
    const one = { $id: 'urn:answer', type: 'string' };
    const other = { $id: 'urn:answer', type: 'number' };
    expect([checkOf(one)('x'), checkOf(other)(1)]).toEqual([undefined, undefined]);
  });

  it('lets nothing pass a schema that is none, and says so', () => {
    expect(checkOf({ type: 'strnig' })('x')).toMatch(/^the schema itself is wrong: /);
  });
});
