import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { DataUnusable } from '../../evals/data-unusable.ts';
import { rca } from '../../evals/rca/command.ts';
import { readCases } from '../../evals/rca/read.ts';
import { put } from './made-up.ts';
import { meshOf, putMeshes, type MeshFault } from './made-up-mesh.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threehops-evals-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Printed {
  readonly cases: number;
  readonly services: { readonly cases: number; readonly top1: number | null; readonly avg5: number | null };
  readonly metrics: Printed['services'];
  readonly outcomes: readonly { readonly name: string; readonly services: readonly { readonly node: string }[] }[];
}

function printed(): Printed {
  return JSON.parse(rca([folder, '--json'])) as Printed;
}

describe('eval rca', () => {
  // The mesh is made up: this tells that the way from the files to the ranking is sound, not how good it is on real data.
  test.each<MeshFault>(['cpu', 'mem', 'disk', 'delay'])(
    'ranks a made-up fault of %s by services and metrics',
    (fault) => {
      putMeshes(folder, fault, ['cart', 'ship', 'stock']);
      const { cases, services, metrics } = printed();
      expect({ cases, services: services.cases, metrics: metrics.cases }).toEqual({
        cases: 3,
        services: 3,
        metrics: 3,
      });
      expect([services.top1, metrics.top1]).toEqual([1, 1]);
    },
  );

  it('takes one file with the moment beside it, whatever the times count from', () => {
    const { normal, anomalous } = meshOf('ship', 'cpu', 3);
    const later = (line: string): string => line.replace(/^\d+/, (second) => String(1_700_000_000 + Number(second)));
    const rows = [...normal.split('\n'), ...anomalous.split('\n').slice(1)].map(later);
    put(folder, 'deep/er/data.csv', rows.join('\r\n'));
    put(folder, 'deep/er/inject_time.txt', '1700000600\n');
    expect(printed()).toMatchObject({ cases: 1, services: { cases: 0, top1: null } });
    expect(printed().outcomes[0]).toMatchObject({
      name: 'deep/er',
      services: [{ node: 'ship' }, {}, {}, {}, {}, {}, {}, {}],
    });
  });

  it('lays normal times before the others where each file counts from nothing, and takes rows without times', () => {
    const { normal, anomalous } = meshOf('ship', 'cpu', 3);
    const untimed = (text: string): string => text.replaceAll(/^[^,]*,/gm, '');
    put(folder, 'normal.csv', untimed(normal));
    put(folder, 'anomalous.csv', untimed(anomalous));
    expect(printed().outcomes[0]).toMatchObject({
      name: '.',
      services: [{ node: 'ship' }, {}, {}, {}, {}, {}, {}, {}],
    });
  });

  it('does not take what nobody measured since for well', () => {
    const { normal, anomalous } = meshOf('ship', 'cpu', 3);
    const isShip = (anomalous.split('\n')[0] ?? '').split(',').map((name) => name.startsWith('ship_'));
    const blank = (line: string, row: number): string =>
      row === 0
        ? line
        : line
            .split(',')
            .map((cell, column) => (isShip[column] === true ? '' : cell))
            .join(',');
    put(folder, 'normal.csv', normal);
    put(folder, 'anomalous.csv', anomalous.split('\n').map(blank).join('\n'));
    const ranked = printed().outcomes[0]?.services.map(({ node }) => node) ?? [];
    expect(ranked.indexOf('ship')).toBeLessThan(ranked.indexOf('mail'));
  });

  it('has no answer where nothing was measured since, or nothing at all', () => {
    put(folder, 'a/normal.csv', 'time,x_cpu\n1,0.5\n');
    put(folder, 'a/anomalous.csv', 'time,x_cpu\n');
    put(folder, 'b/normal.csv', '');
    put(folder, 'b/anomalous.csv', '');
    expect(printed().outcomes.map(({ services }) => services)).toEqual([[], []]);
  });

  it('takes times in nanoseconds, and names the file of one that it cannot read', () => {
    put(folder, 'normal.csv', 'time,x_cpu\n1700000000000000000,0.5\n');
    put(folder, 'anomalous.csv', 'time,x_cpu\n1700000001000000000,0.5\n');
    expect(readCases(folder)[0]?.since).toBe(1_700_000_001);
    put(folder, 'anomalous.csv', 'time,x_cpu\nsoon,0.5\n');
    expect(() => rca([folder])).toThrow(DataUnusable);
    expect(() => rca([folder])).toThrow('anomalous.csv');
  });

  it('splits a column at the last underscore, and passes over values that are missing', () => {
    put(folder, 'normal.csv', 'time,a_b_cpu,plain\n1,0.5,1\n2,,1\n');
    put(folder, 'anomalous.csv', 'time,a_b_cpu\n3,nan\n4,0.7\n');
    const [{ services, since } = { services: new Map(), since: 0 }] = readCases(folder);
    expect(services).toEqual(
      new Map([
        [
          'a_b',
          new Map([
            [
              'cpu',
              [
                [1, 0.5],
                [4, 0.7],
              ],
            ],
          ]),
        ],
      ]),
    );
    expect(since).toBe(4);
  });

  it('goes by a label before the name of a folder, and refuses one that is none', () => {
    putMeshes(folder, 'cpu', ['cart']);
    put(folder, 'cart_cpu/1/label.json', '{"service":"mail","metric":"mem"}');
    expect(printed()).toMatchObject({ services: { top1: 0 }, metrics: { top1: 0 } });
    put(folder, 'cart_cpu/1/label.json', '{"service":"nobody"}');
    expect(() => rca([folder])).toThrow(DataUnusable);
  });

  it('prints a line a case and a table, and says when there is no case', () => {
    expect(() => rca([folder])).toThrow('there are no cases');
    putMeshes(folder, 'cpu', ['cart']);
    expect(rca([folder])).toMatch(
      /^HIT +CASE .*\nhit +cart_cpu\/1 +cart, .*\n\n +labelled +top-1 +top-3 +top-5 +Avg@5\nservices +1 +100\.0 %/,
    );
  });
});
