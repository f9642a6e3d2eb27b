import { expect, it } from 'vitest';
import { storm, wrongIn } from '../../bench/alerts/bench.ts';

const { signal } = new AbortController();
const small = { json: false, alerts: 300, neighbourhoods: 4, seconds: 12, seed: 3 };

it(
  'a storm of alerts, the operator killed in it: none is lost, and each outage has one session',
  { timeout: 300_000 },
  async () => {
    const result = await storm(small, () => undefined, signal);
    expect(wrongIn(result)).toEqual([]);
    expect(result).toMatchObject({ sessions: 4, lost: 0, kills: 2 });
    expect(result.codes['200']).toBeGreaterThan(0);
  },
);
