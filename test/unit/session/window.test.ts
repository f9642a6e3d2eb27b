import { describe, expect, it } from 'vitest';
import type { Dependencies } from '../../../controller/session/dependencies.ts';
import type { Snapshot } from '../../../controller/session/snapshot.ts';
import { sharedWindow, windowSince } from '../../../controller/session/sweep/window.ts';

const look = (now: string, since?: string, shareMs = 5000) => {
  const span = { now: new Date(now), lookbackSeconds: 3600, shareMs, ...(since === undefined ? {} : { since }) };
  const { from, to } = sharedWindow(span);
  return [from.toISOString(), to.toISOString()];
};

describe('the window before the first act', () => {
  it('is one for all that look within a step of the grid', () => {
    const one = look('2026-01-01T10:00:00.001Z');
    expect(one).toEqual(['2026-01-01T09:00:00.000Z', '2026-01-01T10:00:05.000Z']);
    expect(look('2026-01-01T10:00:04.999Z')).toEqual(one);
    expect(look('2026-01-01T10:00:05.001Z')).not.toEqual(one);
  });

  it('holds what happened just now', () => {
    const now = '2026-01-01T10:00:03.700Z';
    const [from = '', to = ''] = look(now, now);
    expect(from < now && now <= to).toBe(true);
  });

  it('begins with a symptom that is older than the look-back', () => {
    expect(look('2026-01-01T10:00:01.000Z', '2026-01-01T07:30:02Z')[0]).toBe('2026-01-01T07:30:00.000Z');
  });

  it('is to the millisecond where nothing is shared', () => {
    const now = '2026-01-01T10:00:01.234Z';
    expect(look(now, undefined, 0)).toEqual(['2026-01-01T09:00:01.234Z', now]);
  });
});

describe('the window after an act', () => {
  const acted = new Date('2026-01-01T10:09:00Z');
  const seen = (from: Date | undefined, since?: string) => {
    const session = { spec: { symptom: since === undefined ? {} : { since } } };
    const snapshot = { session, status: { startedAt: '2026-01-01T10:00:00Z' } } as unknown as Snapshot;
    const deps = { clock: { now: () => new Date('2026-01-01T10:12:00Z') }, timings: { lookbackSeconds: 3600 } };
    return windowSince(from, snapshot, deps as unknown as Dependencies);
  };

  it('begins with it, and what is normal is told by the time before the session looked at all', () => {
    const [from, to] = [acted, new Date('2026-01-01T10:12:00Z')];
    expect(seen(acted)).toEqual({ from, to, normalUntil: new Date('2026-01-01T09:00:00Z') });
    expect(seen(acted, '2026-01-01T07:30:02Z').normalUntil).toEqual(new Date('2026-01-01T07:30:02Z'));
  });
  it('is that of the first look where the act was taken back: the world is what it was', () => {
    expect(seen(undefined)).toEqual({ from: new Date('2026-01-01T09:00:00Z'), to: new Date('2026-01-01T10:12:00Z') });
  });
});
