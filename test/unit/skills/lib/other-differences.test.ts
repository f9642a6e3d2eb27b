import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { otherDifferences } from '../../../../skills/lib/other-differences.ts';

const pod = (spec: JsonObject): JsonObject => ({ spec });
const containers = (...list: JsonObject[]): JsonObject => pod({ containers: list });

describe('the paths at which two objects differ', () => {
  it.each<[what: string, from: JsonObject, to: JsonObject, paths: readonly string[]]>([
    ['a field', pod({ nodeSelector: { pool: 'a' } }), pod({ nodeSelector: { pool: 'b' } }), ['spec.nodeSelector.pool']],
    ['one that is new', pod({}), pod({ nodeSelector: { pool: 'b' } }), ['spec.nodeSelector']],
    ['one that is gone', pod({ dns: 'x' }), pod({}), ['spec.dns']],
    ['another type', pod({ port: { a: 1 } }), pod({ port: [{ name: 'a' }] }), ['spec.port']],
    [
      'an entry with a name',
      containers({ name: 'proxy' }, { name: 'app', command: ['a'] }),
      containers({ name: 'app', command: ['b'] }, { name: 'proxy' }),
      ['spec.containers[app].command'],
    ],
    [
      'an entry that is new or gone',
      containers({ name: 'app' }, { name: 'old' }),
      containers({ name: 'app' }, { name: 'new' }),
      ['spec.containers[new]', 'spec.containers[old]'],
    ],
    [
      'entries without a name',
      pod({ ports: [{ port: 1 }, { name: 'b', port: 2 }] }),
      pod({ ports: [{ port: 9 }, { name: 'b', port: 2 }] }),
      ['spec.ports'],
    ],
    [
      'entries of one name',
      pod({
        env: [
          { name: 'a', value: '1' },
          { name: 'a', value: '2' },
        ],
      }),
      pod({
        env: [
          { name: 'a', value: '2' },
          { name: 'a', value: '1' },
        ],
      }),
      ['spec.env'],
    ],
    [
      'a key with punctuation',
      { annotations: { 'prometheus.io/port': '1' } },
      { annotations: { 'prometheus.io/port': '2' } },
      ['annotations[prometheus.io/port]'],
    ],
    ['several, sorted', { b: 1, a: 1 }, { a: 2, b: 2 }, ['a', 'b']],
  ])('tell of %s', (_what, from, to, paths) => {
    expect(otherDifferences(from, to)).toEqual(paths);
    expect(otherDifferences(to, from)).toEqual(paths);
  });

  it.each<[what: string, from: Json, to: Json]>([
    ['the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['the order of entries with a name', [{ name: 'a' }, { name: 'b' }], [{ name: 'b' }, { name: 'a' }]],
    ['what a server fills in with nothing', { volumes: [], options: null, limits: {} }, {}],
  ])('are none for %s', (_what, from, to) => {
    expect(otherDifferences({ it: from }, { it: to })).toEqual([]);
  });

  it('are ten at most', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, index]));
    expect(otherDifferences({}, many)).toHaveLength(10);
  });
});
