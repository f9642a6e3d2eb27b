import { expect, test } from 'vitest';
import { matchesOf } from '../../../controller/alerts/matching.ts';
import { mapNamed, storeOf } from '../../helpers/maps.ts';

const matching = (labels: Readonly<Record<string, string>>, ...maps: readonly ReturnType<typeof mapNamed>[]) =>
  matchesOf({ labels }, storeOf(maps)).map(({ metadata }) => metadata.name);

test('an alert matches the maps all of whose labels it carries', () => {
  const wanting = (name: string, matchLabels: Record<string, string>) => mapNamed(name, { alerts: { matchLabels } });
  const maps = [
    wanting('one', { service: 'shop' }),
    wanting('two', { service: 'shop', namespace: 'a' }),
    wanting('three', { service: 'shop', namespace: 'b' }),
    wanting('none', {}),
    wanting('inherited', { constructor: 'Object' }),
  ];
  expect(matching({ service: 'shop', namespace: 'a', pod: 'x' }, ...maps)).toEqual(['one', 'two']);
  expect(matching({ service: 'shop' }, ...maps)).toEqual(['one']);
  expect(matching({}, ...maps)).toEqual([]);
});

test('a map without alerts, or that is being deleted, matches nothing', () => {
  const gone = mapNamed('gone');
  const { alerts: _, ...silent } = mapNamed('silent').spec;
  const maps = [
    { ...gone, metadata: { ...gone.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } },
    { ...mapNamed('silent'), spec: silent },
  ];
  expect(matching({ service: 'gone' }, ...maps)).toEqual([]);
  expect(matching({ service: 'silent' }, ...maps)).toEqual([]);
});
