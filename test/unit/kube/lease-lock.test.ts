import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../../../controller/kube/client.ts';
import { UnknownOutcome } from '../../../controller/kube/errors.ts';
import { LeaseLocks, leaseName } from '../../../controller/kube/lease-lock.ts';
import { FakeApiServer } from '../../helpers/fake-api-server.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { advanceUntil, failure, forever, RecordingLog } from '../../helpers/kube-things.ts';

const collection = 'apis/coordination.k8s.io/v1/leases';

let server: FakeApiServer;
let clients: KubeClient[];

beforeEach(async () => {
  server = await FakeApiServer.start();
  clients = [];
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server.stop();
});

/** The locks of one process. */
function locks(clock = new FakeClock()): { clock: FakeClock; locks: LeaseLocks; log: RecordingLog } {
  const client = new KubeClient(server.kubeConfig(), { clock });
  clients.push(client);
  const log = new RecordingLog();
  return { clock, log, locks: new LeaseLocks({ client, namespace: 'n', clock, log, durationMs: 60_000 }) };
}

/** Who holds which lock, by the Leases. */
function holders(): Record<string, string> {
  const all = server.store.list(collection, 'n');
  return Object.fromEntries(
    all.map(({ metadata, spec }) => [
      (metadata['annotations'] as Record<string, string>)['threehops.dev/lock'] ?? '',
      (spec as { holderIdentity: string }).holderIdentity,
    ]),
  );
}

describe('locks', () => {
  it('are taken all together, under names that Kubernetes allows', async () => {
    const { locks: one } = locks();
    expect(await one.acquire(['ecs/staging/payments', 'svc:gateway'], 'uid-1', forever)).toEqual({ acquired: true });
    expect(holders()).toEqual({ 'ecs/staging/payments': 'uid-1', 'svc:gateway': 'uid-1' });
    expect(one.isHeld(['ecs/staging/payments', 'svc:gateway'], 'uid-1')).toBe(true);
    expect(leaseName('ecs/staging/payments')).toMatch(/^[a-z0-9-]{1,63}$/);
  });

  it('or none of them: what was taken before the one that is not free is given back', async () => {
    const { locks: one } = locks();
    await one.acquire(['b'], 'uid-1', forever);
    const got = await one.acquire(['a', 'b', 'c', 'd', 'e'], 'uid-2', forever);
    expect(got).toMatchObject({ acquired: false, name: 'b', holder: 'uid-1', retryAfterMs: 60_000 });
    expect(holders()).toEqual({ b: 'uid-1' });
    expect(one.isHeld(['a'], 'uid-2')).toBe(false);
  });

  it('of two who want the same ones in another order exactly one gets them, again and again', async () => {
    const [one, two] = [locks(), locks()];
    for (let i = 0; i < 10; i += 1) {
      const got = await Promise.all([
        one.locks.acquire(['a', 'b', 'c'], 'uid-1', forever),
        two.locks.acquire(['c', 'b', 'a'], 'uid-2', forever),
      ]);
      expect(got.filter(({ acquired }) => acquired)).toHaveLength(1);
      expect(new Set(Object.values(holders())).size).toBe(1);
      await one.locks.release(['a', 'b', 'c'], 'uid-1', forever);
      await two.locks.release(['a', 'b', 'c'], 'uid-2', forever);
      expect(holders()).toEqual({});
    }
  });

  it('are taken again at once by the same holder after a restart', async () => {
    await locks().locks.acquire(['a'], 'uid-1', forever);
    const { locks: restarted } = locks();
    expect(await restarted.acquire(['a'], 'uid-1', forever)).toEqual({ acquired: true });
  });

  it('are given back by their holder after a restart, and by nobody else', async () => {
    await locks().locks.acquire(['a'], 'uid-1', forever);
    const { locks: restarted } = locks();
    await restarted.release(['a'], 'uid-2', forever);
    expect(holders()).toEqual({ a: 'uid-1' });
    await restarted.release(['a'], 'uid-1', forever);
    expect(holders()).toEqual({});
  });

  it('of a holder that died are free only after the whole duration was seen to pass from here', async () => {
    await locks().locks.acquire(['a'], 'uid-1', forever);
    const { clock, locks: two } = locks(new FakeClock(new Date('2040-01-01T00:00:00Z')));
    expect(await two.acquire(['a'], 'uid-2', forever)).toMatchObject({ acquired: false, retryAfterMs: 60_000 });
    await clock.advance(59_999);
    expect(await two.acquire(['a'], 'uid-2', forever)).toMatchObject({ acquired: false, retryAfterMs: 1 });
    await clock.advance(1);
    expect(await two.acquire(['a'], 'uid-2', forever)).toEqual({ acquired: true });
  });

  it('are renewed while the process runs, and so not stolen', async () => {
    const { clock, locks: one } = locks();
    const stop = new AbortController();
    const running = one.run(stop.signal);
    await one.acquire(['a'], 'uid-1', forever);
    const { clock: other, locks: two } = locks();
    await two.acquire(['a'], 'uid-2', forever);
    const puts = server.count('PUT');
    await advanceUntil(clock, 5000, 'a renewal', () => server.count('PUT') > puts);
    await other.advance(60_000);
    expect(await two.acquire(['a'], 'uid-2', forever)).toMatchObject({ acquired: false, holder: 'uid-1' });
    stop.abort();
    await running;
    expect(holders()).toEqual({ a: 'uid-1' });
  });

  it('that were stolen after a pause are known to be lost', async () => {
    const { clock, locks: one, log } = locks();
    const stop = new AbortController();
    const running = one.run(stop.signal);
    await one.acquire(['a'], 'uid-1', forever);
    clock.freeze(61_000);
    expect(one.isHeld(['a'], 'uid-1')).toBe(false);
    const { clock: other, locks: two } = locks();
    await two.acquire(['a'], 'uid-2', forever);
    await other.advance(60_000);
    expect(await two.acquire(['a'], 'uid-2', forever)).toEqual({ acquired: true });
    await advanceUntil(clock, 5000, 'the loss', () => log.lines.some(({ message }) => message === 'a lock was lost'));
    expect(holders()).toEqual({ a: 'uid-2' });
    stop.abort();
    await running;
  });

  it('taken before an error are no longer renewed, so that they expire; the next try has them', async () => {
    const { locks: one } = locks();
    let creates = 0;
    server.interfere = (request) => (request.method === 'POST' && (creates += 1) === 2 ? { cut: 'after' } : undefined);
    expect(await failure(one.acquire(['a', 'b'], 'uid-1', forever))).toBeInstanceOf(UnknownOutcome);
    expect(one.holders().size).toBe(0);
    expect(await one.acquire(['a', 'b'], 'uid-1', forever)).toEqual({ acquired: true });
    expect([...one.holders().keys()]).toEqual(['uid-1']);
  });
});
