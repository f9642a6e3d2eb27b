import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBackends, type Backends } from '../../bench/sweep/backends.ts';
import { createSweeper } from '../../bench/sweep/sweeper.ts';

let backends: Backends;
beforeAll(async () => {
  backends = await startBackends(4);
});
afterAll(() => backends.stop());

const { signal } = new AbortController();

async function requestsOf(sessions: number, spreadMs: number): Promise<readonly number[]> {
  const sweeper = createSweeper(backends.all, 5000);
  try {
    const evidence = await sweeper.sweep(sessions, signal, spreadMs);
    expect(evidence.map(({ health }) => health)).toEqual(['Healthy', 'Healthy', 'Healthy', 'Healthy']);
    return [...backends.takeCounts().values()];
  } finally {
    await sweeper.close();
  }
}

it('many sessions on one map cost each system what one does', async () => {
  expect(await requestsOf(1, 0)).toEqual([1, 1, 1, 1]);
  expect(await requestsOf(10, 200)).toEqual([1, 1, 1, 1]);
}, 20_000);

it('counts what is asked anew, so that sharing which does not happen would be seen', async () => {
  const sweeper = createSweeper(backends.all, 0);
  await sweeper.sweep(1, signal);
  await sweeper.sweep(1, signal);
  await sweeper.close();
  expect([...backends.takeCounts().values()]).toEqual([2, 2, 2, 2]);
});
