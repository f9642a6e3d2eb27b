import { describe, expect, it } from 'vitest';
import type { Past } from '../../../../controller/reasoning/recall/past.ts';
import { PastIndex } from '../../../../controller/reasoning/recall/past-index.ts';
import { ago } from '../../../helpers/bundle-builder.ts';
import { badRelease, threeHops } from '../systems.ts';
import { past } from './pasts.ts';

function indexOf(...pasts: readonly Past[]): PastIndex {
  const index = new PastIndex();
  for (const one of pasts) index.put(one);
  return index;
}

function found(index: PastIndex, bundle = badRelease().build('front'), most = 5): readonly string[] {
  return index.likest(bundle, most).map(({ past: { uid } }) => uid);
}

const locked = past('locked', {
  symptom: 'orders hang',
  rootCause: { node: 'shop/db', kind: 'store.AbandonedTransaction' },
  kinds: ['store.Blocked', 'http.Failing'],
  nodes: ['shop/db', 'worker'],
  told: ['a transaction is idle'],
});

describe('past sessions', () => {
  it('are offered the likest first, by what was found', () => {
    const index = indexOf(locked, past('starved'));
    expect(found(index)).toEqual(['starved', 'locked']);
    expect(found(index, threeHops().build('front'))).toEqual(['locked', 'starved']);
  });

  it('have their likeness against the likest', () => {
    const [first, second] = indexOf(locked, past('starved')).likest(badRelease().build('front'), 5);
    expect(first?.likeness).toBe(1);
    expect(second?.likeness).toBeGreaterThan(0);
    expect(second?.likeness).toBeLessThan(0.7);
  });

  it('are told apart by the symptom where the findings are the same', () => {
    const other = past('other', { symptom: 'nightly import is late' });
    expect(found(indexOf(other, past('same', { symptom: 'it does not work' })))).toEqual(['same', 'other']);
  });

  it('without a kind of finding in common are none, however alike the words are', () => {
    const words = past('words', { kinds: ['queue.Stale'], symptom: 'it does not work' });
    expect(found(indexOf(words))).toEqual([]);
  });

  it('in which nothing was tried are none, and neither is the session itself', () => {
    const index = indexOf(past('idle', { worked: [] }), past('uid'), past('tried', { worked: [], failed: ['x'] }));
    expect(found(index)).toEqual(['tried']);
  });

  it('are the same in whatever order they were put in, and of equals the latest come first', () => {
    const all = ['a', 'b', 'c', 'd'].map((uid, age) => past(uid, { endedAt: ago(1000 - age) }));
    expect(found(indexOf(...all), undefined, 3)).toEqual(['d', 'c', 'b']);
    expect(found(indexOf(...all.toReversed()), undefined, 3)).toEqual(['d', 'c', 'b']);
  });

  it('are gone when they are taken out, and are what they were put in as last', () => {
    const index = indexOf(past('first'), past('second'));
    index.remove('first');
    index.remove('never');
    index.put(past('second', { worked: [] }));
    expect(found(index)).toEqual([]);
    index.put(past('second'));
    expect(found(index)).toEqual(['second']);
  });
});
