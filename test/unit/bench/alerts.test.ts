import { describe, expect, test } from 'vitest';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import { changedNotes } from '../../../controller/session/alerts/write-notes.ts';
import { mostMiB, wrongIn, type Result } from '../../bench/alerts/bench.ts';
import { fleetOf } from '../../bench/alerts/fleet.ts';
import { readOptions } from '../../bench/alerts/options.ts';
import { scoreOf, type Expected } from '../../bench/alerts/score.ts';
import { stormOf } from '../../bench/alerts/storm.ts';
import { seeded } from '../../helpers/random.ts';

const startsAt = '2026-01-01T00:00:00.000Z';
const alert = (fingerprint: string, neighbourhood: number, isResolved = false): Expected => ({
  fingerprint,
  startsAt,
  neighbourhood,
  isResolved,
});
const alerts = Array.from('0123')
  .map((id) => alert(id, 0))
  .concat(Array.from('4567').map((id) => alert(id, 1)));

function session(fingerprints: string, outcome?: 'Duplicate'): DebugSession {
  const note = { status: 'firing', startsAt, service: 's', alertname: 'a', notedAt: startsAt } as const;
  const noted = Array.from(fingerprints).map((fingerprint) => ({ fingerprint, ...note }));
  const { annotations = {} } = changedNotes({ metadata: {} }, noted) ?? {};
  const metadata = { uid: fingerprints, name: fingerprints, annotations } as unknown as DebugSession['metadata'];
  const status = outcome === undefined ? {} : { outcome };
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'DebugSession',
    metadata,
    spec: {} as DebugSession['spec'],
    status,
  };
}

describe('the score of a grouping', () => {
  test.each([
    ['as it should be', [session('0123'), session('4567')], { precision: 1, recall: 1, lost: 0, sessions: 2 }],
    ['all in one', [session('01234567')], { precision: 12 / 28, recall: 1, lost: 0, sessions: 1 }],
    ['one split in two', [session('01'), session('23'), session('4567')], { precision: 1, recall: 8 / 12, lost: 0 }],
    ['an alert that is lost', [session('012'), session('4567')], { precision: 1, recall: 9 / 12, lost: 1 }],
    ['what is only in a duplicate', [session('0123', 'Duplicate'), session('4567')], { lost: 4, duplicates: 1 }],
  ])('%s', (_, sessions, score) => {
    expect(scoreOf(alerts, sessions)).toMatchObject(score);
  });

  test('counts ends that were answered for and are not noted', () => {
    expect(scoreOf([alert('0', 0, true)], [session('0')]).stale).toBe(1);
  });
});

test('a storm fails for each thing that must not be', () => {
  const good = { lost: 0, stale: 0, codes: { 200: 10, 503: 3, broken: 1 }, peakMiB: 100, precision: 1, recall: 1 };
  const wrong = (more: object) => wrongIn({ ...good, ...more } as unknown as Result);
  expect(wrong({})).toEqual([]);
  const bad = [
    { lost: 1 },
    { stale: 1 },
    { codes: { 413: 1 } },
    { peakMiB: mostMiB + 1 },
    { precision: 0.9 },
    { recall: 0.9 },
  ];
  for (const one of bad) expect(wrong(one)).toHaveLength(1);
});

test('a storm is the same for the same seed, and as it is told', () => {
  const services = fleetOf(50);
  expect(services).toHaveLength(200);
  const make = () => stormOf(services, 2000, 60, seeded(7));
  const storm = make();
  expect(make()).toEqual(storm);
  expect(new Set(storm.map(({ fingerprint }) => fingerprint)).size).toBe(2000);
  expect(new Set(storm.flatMap(({ neighbourhood }) => neighbourhood ?? [])).size).toBe(50);
  const nobodys = storm.filter(({ neighbourhood }) => neighbourhood === undefined).length;
  expect(nobodys).toBeGreaterThan(20);
  expect(nobodys).toBeLessThan(120);
  expect(Math.max(...storm.map(({ atMs }) => atMs))).toBeLessThanOrEqual(60_000);
});

test('options', () => {
  expect(readOptions(['--alerts', '5'])).toMatchObject({ alerts: 5, neighbourhoods: 50, seconds: 120, json: false });
  expect(() => readOptions(['--alerts', 'many'])).toThrow('--alerts');
  expect(() => readOptions(['--wind'])).toThrow('--wind');
});
