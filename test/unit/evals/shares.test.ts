import { describe, expect, it } from 'vitest';
import { quantile, shareOf, told } from '../../evals/shares.ts';

describe('a share', () => {
  it('has the interval that Wilson gives it, which is never a point', () => {
    expect(shareOf(8, 10)).toEqual({ hits: 8, n: 10, share: 0.8, low: 0.49, high: 0.943 });
    expect(shareOf(10, 10)).toMatchObject({ share: 1, low: 0.722, high: 1 });
    expect(shareOf(0, 10)).toMatchObject({ share: 0, low: 0, high: 0.278 });
  });

  it('of nothing is none', () => {
    expect([told(shareOf(0, 0)), told(shareOf(8, 10))]).toEqual(['-', '0.80 (8/10; 0.49-0.94)']);
  });

  it('has quantiles that were seen', () => {
    expect([quantile([3, 1, 2], 0.5), quantile([1, 2, 3, 4], 0.9), quantile([7], 0.9)]).toEqual([2, 4, 7]);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
