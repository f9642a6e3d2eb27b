import { describe, expect, it } from 'vitest';
import { patternsOf } from '../../../../controller/cli/patterns/patterns.ts';
import { shown } from '../../../../controller/cli/patterns/render.ts';
import { ageOf, tableOf } from '../../../../controller/cli/table.ts';
import { caused, ended, now } from './sessions.ts';

const resize = 'compute.resize kubernetes:blue/shop/deployment/a-rather-long-name-of-a-workload memory:increase';
const cause = ['shop/run', 'compute.MemoryTooLow'] as const;
const gaps = ['shop/db: connections: the role threehops may not read pg_stat_activity, which is granted by pg_monitor'];
const sessions = [
  ended('one', 3, caused(cause, { [resize]: 'Kept' })),
  ended(
    'two',
    2,
    caused(cause, { [resize]: 'RolledBack' }, { diagnosis: { rootCause: { node: cause[0], kind: cause[1] }, gaps } }),
  ),
];
const patterns = patternsOf(sessions, { cameBackSeconds: 604_800 });
const at = (width: number, namespaces = false): string => shown(patterns, { width, nowMs: now, namespaces });

describe('patterns on a screen', () => {
  it('are tables as kubectl has them, which fit it', () => {
    expect(at(80)).toBe(`2 sessions have ended.

OUTCOME   SESSIONS   LAST
Stopped   1          2d
Fixed     1          3d

CAUSE                  NODE       SESSIONS   LAST
compute.MemoryTooLow   shop/run   2          2d

REMEDY                                            TRIED   WORKED   BACK   FAILED
compute.resize kubernet…orkload memory:increase   2       1        1      1

NOT SEEN                                                         SESSIONS   LAST
shop/db: connections: the role …which is granted by pg_monitor   1          2d`);
  });

  it('are whole on a wide one', () => {
    expect(at(160)).toContain(resize);
    expect(at(160)).toContain(gaps[0]);
    for (const width of [60, 80, 100, 160]) {
      expect(
        Math.max(
          ...at(width, true)
            .split('\n')
            .map((line) => line.length),
        ),
      ).toBeLessThanOrEqual(width);
    }
  });

  it('say of which namespace they are where there are several', () => {
    expect(at(120, true)).toMatch(/^NAMESPACE {3}CAUSE .*\nteam {8}compute\.MemoryTooLow/m);
  });

  it('are a sentence where nothing has ended', () => {
    expect(shown(patternsOf([], { cameBackSeconds: 0 }), { width: 80, nowMs: now, namespaces: false })).toBe(
      'No sessions have ended.',
    );
  });
});

describe('a table', () => {
  const column = { title: 'NAME', of: (row: string) => row };

  it('has no trailing blanks, and nothing in it steers a terminal', () => {
    expect(tableOf(['a\u001b[2Jb', 'longer than the title'], [column], 80)).toBe('NAME\na [2Jb\nlonger than the title');
  });

  it('is wider than the screen before it says nothing', () => {
    const wide = tableOf(
      ['x'.repeat(50)],
      [
        { ...column, cut: true },
        { title: 'OTHER', of: () => 1 },
      ],
      10,
    );
    expect(wide.split('\n')[1]).toBe('xxxx…xxx   1');
  });
});

it.each([
  [0, '0s'],
  [59, '59s'],
  [3600, '1h'],
  [90_000, '1d'],
])('%d s are shown as %s', (seconds, text) => {
  expect(ageOf(new Date(now - seconds * 1000).toISOString(), now)).toBe(text);
});
