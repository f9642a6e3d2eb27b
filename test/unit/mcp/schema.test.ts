import { describe, expect, it } from 'vitest';
import {
  checkOf,
  declaringCheckOf,
  fillingCheckOf,
  foreignCheckOf,
  foreignDeclaringCheckOf,
  schemaFault,
} from '../../../controller/mcp/schema.ts';

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
    [{ other: 1 }, 'must NOT have additional properties ("other")'],
    ['x', 'must be object'],
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

  it('forgets the $id of a part, so that another server cannot reach it', () => {
    const one = { $defs: { part: { $id: 'urn:answer:part', type: 'string' } }, $ref: 'urn:answer:part' };
    expect(checkOf(one)(1)).toBe('must be string');
    expect(checkOf({ $defs: one.$defs, $ref: 'urn:answer:part' })('x')).toBeUndefined();
    const other = { $defs: { part: { type: 'number' } }, $ref: 'urn:answer:part' };
    expect(checkOf(other)(1)).toMatch(/^the schema itself is wrong: can't resolve reference/);
  });

  const inner = { $async: true, type: 'string' };
  it.each([
    ['all of it', { $async: true, type: 'object' }],
    ['a word that is as good as true', { $async: 'yes' }],
    ['draft 7', { $schema: 'http://json-schema.org/draft-07/schema#', $async: true }],
    ['a part', { properties: { x: inner } }],
    ['a part that is referred to', { $defs: { inner }, properties: { x: { $ref: '#/$defs/inner' } } }],
    [
      'a part with a name',
      { $defs: { inner: { ...inner, $id: 'urn:answer:inner' } }, items: { $ref: 'urn:answer:inner' } },
    ],
  ])('takes no schema whose verdict is a promise: %s', (_, schema) => {
    for (const check of [checkOf, fillingCheckOf, declaringCheckOf, foreignCheckOf, foreignDeclaringCheckOf]) {
      expect(check(schema)({})).toMatch(/^the schema itself is wrong: .*async/);
    }
    expect(schemaFault(schema)).toContain('async');
  });

  it('lets nothing pass a schema that is none, and says so', () => {
    expect(checkOf({ type: 'strnig' })('x')).toMatch(/^the schema itself is wrong: /);
  });
});
