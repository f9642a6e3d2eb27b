import { describe, expect, test } from 'vitest';
import { maxNotes, moreKey, moreOf, notePrefix, notesOf } from '../../../controller/api/alert-notes.ts';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import { changedNotes, knowsAlert, type NotedAlert } from '../../../controller/session/alerts/write-notes.ts';

const noted = (fingerprint: string, more: Partial<NotedAlert> = {}): NotedAlert => ({
  fingerprint,
  status: 'firing',
  startsAt: '2026-01-01T00:00:00.000Z',
  service: 'shop',
  alertname: 'HighErrors',
  notedAt: '2026-01-01T00:01:00.000Z',
  ...more,
});
const many = (count: number, from = 0) => Array.from({ length: count }, (_, i) => noted((from + i).toString(16)));
const sessionWith = (annotations: Readonly<Record<string, string>>) => ({ metadata: { annotations } });
const knows = (annotations: Readonly<Record<string, string>>, fingerprint: string, startsAt: string) =>
  knowsAlert(sessionWith(annotations) as DebugSession, fingerprint, startsAt);

describe('the notes on a session', () => {
  test('are one key an alert, written once', () => {
    const first = changedNotes(sessionWith({}), [noted('aa'), noted('bb')]);
    expect(Object.keys(first?.annotations ?? {})).toEqual([`${notePrefix}aa`, `${notePrefix}bb`]);
    expect(first?.counts).toBe(false);
    const later = noted('aa', { notedAt: '2026-01-01T05:00:00.000Z' });
    expect(changedNotes(sessionWith(first?.annotations ?? {}), [later, noted('bb')])).toBeUndefined();
  });

  test('tell that an alert has resolved, and when the session first heard of it', () => {
    const { annotations = {} } = changedNotes(sessionWith({}), [noted('aa')]) ?? {};
    const end = {
      status: 'resolved',
      endsAt: '2026-01-01T00:09:00.000Z',
      notedAt: '2026-01-01T00:10:00.000Z',
    } as const;
    const after = changedNotes(sessionWith(annotations), [noted('aa', end)]);
    expect(notesOf(sessionWith(after?.annotations ?? {})).get('aa')).toEqual({
      status: 'resolved',
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: '2026-01-01T00:09:00.000Z',
      service: 'shop',
      alertname: 'HighErrors',
      notedAt: '2026-01-01T00:01:00.000Z',
    });
  });

  test('are not undone by what comes late; the alert fires again with a later begin', () => {
    const gone = noted('aa', { status: 'resolved', endsAt: '2026-01-01T00:09:00.000Z' });
    const { annotations = {} } = changedNotes(sessionWith({}), [gone]) ?? {};
    expect(changedNotes(sessionWith(annotations), [noted('aa')])).toBeUndefined();
    expect(changedNotes(sessionWith(annotations), [noted('aa', { startsAt: '2025-12-31T00:00:00Z' })])).toBeUndefined();
    const again = { startsAt: '2026-01-01T01:00:00.000Z', notedAt: '2026-01-01T01:01:00.000Z' };
    const after = changedNotes(sessionWith(annotations), [noted('aa', again)]);
    expect(notesOf(sessionWith(after?.annotations ?? {})).get('aa')).toMatchObject({ status: 'firing', ...again });
  });

  test('are fifty; the others are counted once each, and known again', () => {
    const all = many(maxNotes + 30);
    const { annotations = {}, counts } = changedNotes(sessionWith({}), all) ?? {};
    expect(Object.keys(annotations)).toHaveLength(maxNotes + 1);
    expect(counts).toBe(true);
    expect(moreOf(sessionWith(annotations)).count).toBe(30);
    expect(changedNotes(sessionWith(annotations), all)).toBeUndefined();
    const { annotations: next = {} } = changedNotes(sessionWith(annotations), many(1, 500)) ?? {};
    expect(Object.keys(next)).toEqual([moreKey]);
    expect(moreOf(sessionWith(next)).count).toBe(31);
    const last = (maxNotes + 29).toString(16);
    expect(knows(annotations, last, '2026-01-01T00:00:00Z')).toBe(true);
    expect(knows(annotations, last, '2026-01-01T00:00:01Z')).toBe(false);
    expect(knows(annotations, 'fff', '2026-01-01T00:00:00Z')).toBe(false);
  });

  test('stay small whatever comes, and count on', () => {
    let annotations: Readonly<Record<string, string>> = {};
    for (let from = 0; from < 10_000; from += 500) {
      annotations = { ...annotations, ...changedNotes(sessionWith(annotations), many(500, from))?.annotations };
    }
    expect(JSON.stringify(annotations).length).toBeLessThan(30_000);
    expect(moreOf(sessionWith(annotations)).count).toBe(10_000 - maxNotes);
  });

  test('are known again up to 2,050 alerts; a further one is counted each time, as docs/alerts.md says', () => {
    const known = many(2050);
    const { annotations = {} } = changedNotes(sessionWith({}), known) ?? {};
    expect(known.filter(({ fingerprint, startsAt }) => !knows(annotations, fingerprint, startsAt))).toEqual([]);
    expect(changedNotes(sessionWith(annotations), known)).toBeUndefined();
    let present: Readonly<Record<string, string>> = annotations;
    for (const times of [1, 2]) {
      present = { ...present, ...changedNotes(sessionWith(present), many(1, 2050))?.annotations };
      expect(moreOf(sessionWith(present)).count).toBe(2000 + times);
      expect(knows(present, (2050).toString(16), '2026-01-01T00:00:00.000Z')).toBe(false);
    }
  });

  test.each(['', '{', 'null', '[]', '{"status":"firing"}', '{"status":"gone","startsAt":"x"}'])(
    'that are none (%s) are left out',
    (text) => {
      expect(notesOf(sessionWith({ [`${notePrefix}aa`]: text, other: '{}' })).size).toBe(0);
      expect(moreOf(sessionWith({ [moreKey]: text }))).toEqual({ count: 0, seen: '' });
    },
  );
});
