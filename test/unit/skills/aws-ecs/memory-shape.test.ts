import { describe, expect, it } from 'vitest';
import { memoryUse } from '../../../../skills/aws-ecs/memory-shape.ts';
import type { Point } from '../../../../skills/lib/statistics.ts';

const every10s = (values: readonly number[]): readonly Point[] =>
  values.map((value, index) => [1000 + index * 10, value]);

describe('the shape of memory', () => {
  it('is Rising for a sawtooth, with the slope of its lives', () => {
    const use = memoryUse(every10s([20, 35, 50, 65, 80, 95, 20, 35, 50, 65, 80, 95]));
    expect(use).toMatchObject({ shape: 'Rising', peak: 95, slopePerMinute: 90 });
  });

  it('is Plateau for a program that starts, settles high and is killed', () => {
    expect(memoryUse(every10s([30, 85, 96, 97, 97, 98, 30, 84, 96, 97, 98, 97])).shape).toBe('Plateau');
  });

  it('is not taken for Rising because of garbage that is collected', () => {
    expect(memoryUse(every10s([60, 66, 62, 67, 61, 66, 62, 67])).shape).toBe('Plateau');
  });

  it('is Unknown without enough samples of one life', () => {
    expect(memoryUse(every10s([40, 60, 90])).shape).toBe('Unknown');
    expect(memoryUse([])).toEqual({ shape: 'Unknown', last: [], peak: null, slopePerMinute: null });
  });
});
