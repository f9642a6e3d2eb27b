import { describe, expect, it } from 'vitest';
import { cameAgain, isBackIn, undone } from '../../../../controller/reasoning/recall/past.ts';
import { ago } from '../../../helpers/bundle-builder.ts';
import { badRelease, shop } from '../systems.ts';
import { past, resize, revert } from './pasts.ts';

describe('a past cause is back', () => {
  it('where it shows what it showed', () => {
    expect(isBackIn(past('one'), badRelease().build('front'))).toBe(true);
    expect(isBackIn(past('one'), shop().build('front'))).toBe(false);
  });

  it('but not where the symptom alone is there again', () => {
    const bundle = shop().finding('front/http', 'http.Failing', 'Critical', 100).build('front');
    expect(isBackIn(past('one'), bundle)).toBe(false);
  });

  it('nor where it is what was mended then: seen before the end, or dated before it by a sweep that looks back', () => {
    const bundle = badRelease().build('front');
    expect(isBackIn(past('one', { endedAt: ago(-1) }), bundle)).toBe(false);
    expect(isBackIn(past('one', { endedAt: ago(299) }), bundle)).toBe(false);
    expect(isBackIn(past('one', { endedAt: ago(300) }), bundle)).toBe(true);
    const narrow = { ...bundle, window: { ...bundle.window, from: ago(299) } };
    expect(isBackIn(past('one', { endedAt: ago(299) }), narrow)).toBe(true);
    const undated = shop().finding('shop/run', 'compute.OutOfMemory', 'Critical').build('front');
    expect(isBackIn(past('one', { endedAt: ago(1) }), undated)).toBe(true);
  });

  it('nor elsewhere, nor where nothing was foretold', () => {
    const elsewhere = shop().finding('worker/run', 'compute.OutOfMemory', 'Critical', 100).build('front');
    expect(isBackIn(past('one'), elsewhere)).toBe(false);
    expect(isBackIn(past('one', { predictions: [] }), badRelease().build('front'))).toBe(false);
  });
});

describe('a past cause came again', () => {
  const first = past('first', { endedAt: ago(1000) });

  it('when a session that began within the window found it', () => {
    expect(cameAgain(first, [past('next', { startedAt: ago(900) })], 100)).toBe(true);
    expect(cameAgain(first, [past('next', { startedAt: ago(899) })], 100)).toBe(false);
  });

  it('not by itself, by an earlier session or by another cause', () => {
    const rootCause = { node: 'shop/run', kind: 'compute.Wedged' };
    const others = [first, past('before', { startedAt: ago(1001) }), past('other', { startedAt: ago(900), rootCause })];
    expect(cameAgain(first, others, 3600)).toBe(false);
  });

  it('and what was done about it has failed then, what was done about others has not', () => {
    const several = past('one', { worked: [resize, revert], failed: ['x'] });
    expect(undone(several)).toEqual({ worked: [revert], failed: ['x', resize] });
  });
});
