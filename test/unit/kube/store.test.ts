import { describe, expect, it } from 'vitest';
import { compareResourceVersions } from '../../../controller/kube/object.ts';
import { Store } from '../../../controller/kube/store.ts';
import { type Thing, thing } from '../../helpers/kube-things.ts';

const key = { namespace: 'default', name: 'a' };

function stored(name: string, uid: string, version: string, size = 1): Thing {
  return { ...thing(name, size), metadata: { ...thing(name).metadata, uid, resourceVersion: version } };
}

describe('store', () => {
  it('an object that was read cannot be changed, at any depth', () => {
    const store = new Store<Thing>();
    store.put(stored('a', 'u', '1'));
    const got = store.get(key) as { metadata: { name: string }; spec: { size: number } };
    expect(() => (got.spec.size = 2)).toThrow(TypeError);
    expect(() => (got.metadata.name = 'b')).toThrow(TypeError);
    expect(store.get(key)?.spec?.size).toBe(1);
  });

  it('the same name with another UID is a delete and an add', () => {
    const store = new Store<Thing>();
    store.put(stored('a', 'one', '1'));
    expect(store.put(stored('a', 'two', '2')).map((change) => [change.type, change.object.metadata?.uid])).toEqual([
      ['deleted', 'one'],
      ['added', 'two'],
    ]);
  });

  it('a late delete of an earlier UID leaves the new object alone', () => {
    const store = new Store<Thing>();
    store.put(stored('a', 'two', '5'));
    expect(store.remove(stored('a', 'one', '4'))).toEqual([]);
    expect(store.size).toBe(1);
  });

  it('replace tells only of what differs', () => {
    const store = new Store<Thing>();
    store.put(stored('a', 'u1', '1'));
    store.put(stored('b', 'u2', '2'));
    store.put(stored('c', 'u3', '3'));
    const changes = store.replace([stored('a', 'u1', '1'), stored('b', 'u2', '9'), stored('d', 'u4', '4')]);
    expect(changes.map(({ type, object }) => `${type} ${object.metadata?.name}`)).toEqual([
      'deleted c',
      'updated b',
      'added d',
    ]);
  });

  it('indexes follow every change', () => {
    const store = new Store<Thing>({ size: (object) => [String(object.spec?.size)] });
    store.put(stored('a', 'u1', '1', 5));
    store.put(stored('b', 'u2', '2', 5));
    store.put(stored('a', 'u1', '3', 6));
    expect(store.byIndex('size', '5').map((one) => one.metadata?.name)).toEqual(['b']);
    expect(store.byIndex('size', '6').map((one) => one.metadata?.name)).toEqual(['a']);
    store.remove(stored('b', 'u2', '4', 5));
    expect(store.byIndex('size', '5')).toEqual([]);
    expect(() => store.byIndex('nothing', 'x')).toThrow(TypeError);
  });

  it('finds what a UID owns', () => {
    const store = new Store<Thing>();
    const owner = { apiVersion: 'v1', kind: 'Owner', name: 'o', uid: 'owner' };
    const owned = stored('a', 'u1', '1');
    store.put({ ...owned, metadata: { ...owned.metadata, ownerReferences: [owner] } });
    store.put(stored('b', 'u2', '2'));
    expect(store.ownedBy('owner').map((one) => one.metadata?.name)).toEqual(['a']);
  });

  it('an indexer that throws does not keep an object out', () => {
    const errors: unknown[] = [];
    const indexer = (object: Thing): string[] => {
      if (object.spec?.size === 2) throw new Error('no');
      return ['x'];
    };
    const store = new Store<Thing>({ x: indexer }, (error) => errors.push(error));
    store.put(stored('a', 'u1', '1', 1));
    store.put(stored('a', 'u1', '2', 2));
    expect(store.get(key)?.spec?.size).toBe(2);
    expect(store.byIndex('x', 'x')).toEqual([]);
    expect(errors).toHaveLength(1);
  });
});

describe('resourceVersions', () => {
  it('compare as numbers of any length', () => {
    expect(compareResourceVersions('9', '10')).toBeLessThan(0);
    expect(compareResourceVersions('18446744073709551615', '18446744073709551614')).toBeGreaterThan(0);
    expect(compareResourceVersions('7', '7')).toBe(0);
  });
});
