import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../../../controller/kube/client.ts';
import { LeaderElection, LeadershipLost } from '../../../controller/kube/leader-election.ts';
import { FakeApiServer } from '../../helpers/fake-api-server.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { advanceUntil, eventually, failure, RecordingLog, RecordingMetrics } from '../../helpers/kube-things.ts';

const collection = 'apis/coordination.k8s.io/v1/leases';

let server: FakeApiServer;
let stop: AbortController;
let closing: (() => Promise<unknown>)[];

beforeEach(async () => {
  server = await FakeApiServer.start();
  stop = new AbortController();
  closing = [];
});
afterEach(async () => {
  server.interfere = () => undefined;
  stop.abort();
  await Promise.all(closing.map((close) => close()));
  await server.stop();
});

interface Candidate {
  readonly clock: FakeClock;
  readonly metrics: RecordingMetrics;
  readonly election: LeaderElection;
  readonly led: AbortSignal[];
  readonly losses: AbortSignal[];
  readonly ended: Promise<void>;
  /** How long `lead` takes to end after its signal. */
  lingerMs: number;
}

function candidate(identity: string, clock = new FakeClock()): Candidate {
  const client = new KubeClient(server.kubeConfig(), { clock });
  const metrics = new RecordingMetrics();
  const log = new RecordingLog();
  const election = new LeaderElection({ client, namespace: 'n', name: 'lead', identity, clock, log, metrics });
  const led: AbortSignal[] = [];
  const losses: AbortSignal[] = [];
  const state = { clock, metrics, election, led, losses, lingerMs: 0, ended: Promise.resolve() };
  const lead = async (signal: AbortSignal, lost: AbortSignal): Promise<void> => {
    led.push(signal);
    losses.push(lost);
    await clock.sleep(1e9, signal).catch(() => undefined);
    if (state.lingerMs > 0) await clock.sleep(state.lingerMs, new AbortController().signal);
  };
  state.ended = election.run(lead, stop.signal);
  state.ended.catch(() => undefined);
  closing.push(
    () => state.ended.catch(() => undefined),
    () => client.close(),
  );
  return state;
}

const spec = (): Record<string, unknown> => server.store.get(collection, 'n', 'lead').spec as Record<string, unknown>;

describe('leader election', () => {
  it('the first one leads; its times are MicroTime', async () => {
    const one = candidate('one');
    await eventually('a leader', () => one.led.length === 1);
    expect(spec()).toMatchObject({ holderIdentity: 'one', leaseDurationSeconds: 15, leaseTransitions: 0 });
    expect(spec()['renewTime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(one.metrics.value('leader_election_master_status', { name: 'lead' })).toBe(1);
    expect(one.election.isLeading).toBe(true);
  });

  it('a second one waits while the first renews, and however its own clock is set', async () => {
    const one = candidate('one');
    await eventually('a leader', () => one.led.length === 1);
    const two = candidate('two', new FakeClock(new Date('2031-01-01T00:00:00Z')));
    for (let i = 0; i < 10; i += 1) {
      const puts = server.count('PUT');
      await advanceUntil(one.clock, 500, 'a renewal', () => server.count('PUT') > puts);
      const gets = server.count('GET');
      await advanceUntil(two.clock, 500, 'a look', () => server.count('GET') > gets);
    }
    expect(two.led).toHaveLength(0);
    expect(spec()['holderIdentity']).toBe('one');
  });

  it('takes over only after it has itself seen no change for the whole duration', async () => {
    server.store.create(collection, 'n', {
      metadata: { name: 'lead' } as never,
      spec: {
        holderIdentity: 'gone',
        leaseDurationSeconds: 15,
        renewTime: '1999-01-01T00:00:00.000000Z',
        leaseTransitions: 3,
      },
    });
    const one = candidate('one');
    await eventually('a look', () => server.count('GET') === 1);
    await advanceUntil(one.clock, 1000, 'a leader', () => one.led.length === 1);
    expect(one.clock.monotonicMs()).toBeGreaterThanOrEqual(15_000);
    expect(spec()).toMatchObject({ holderIdentity: 'one', leaseTransitions: 4 });
  });

  it('on loss of the API server it aborts before anybody else may take over', async () => {
    const one = candidate('one');
    await eventually('a leader', () => one.led.length === 1);
    const since = one.clock.monotonicMs();
    server.interfere = () => 'hang';
    await advanceUntil(one.clock, 250, 'the abort', () => one.led[0]?.aborted === true);
    expect(one.clock.monotonicMs() - since).toBeLessThanOrEqual(10_250);
    expect(one.led[0]?.reason).toBeInstanceOf(LeadershipLost);
    expect(one.election.isLeading).toBe(false);
    expect(await failure(one.ended)).toBeInstanceOf(LeadershipLost);
    expect(one.metrics.value('leader_election_master_status', { name: 'lead' })).toBe(0);
  });

  it('no request takes more than half the renew deadline', async () => {
    const one = candidate('one');
    await eventually('a leader', () => one.led.length === 1);
    server.interfere = (request) => (request.method === 'PUT' ? 'hang' : undefined);
    await advanceUntil(one.clock, 250, 'a hanging renewal', () => server.count('PUT') === 1);
    const since = one.clock.monotonicMs();
    server.interfere = () => undefined;
    await advanceUntil(one.clock, 250, 'another renewal', () => server.count('PUT') === 2);
    expect(one.clock.monotonicMs() - since).toBeLessThanOrEqual(7500);
    expect(one.led[0]?.aborted).toBe(false);
  });

  it('goes on leading when the answer to a renewal was lost', async () => {
    const one = candidate('one');
    await eventually('a leader', () => one.led.length === 1);
    server.interfere = (request) => (request.method === 'PUT' ? { cut: 'after' } : undefined);
    await advanceUntil(one.clock, 500, 'a lost answer', () => server.count('PUT') === 1);
    server.interfere = () => undefined;
    await advanceUntil(one.clock, 500, 'the next renewal', () => server.count('PUT') === 2);
    expect(one.led[0]?.aborted).toBe(false);
    expect(spec()).toMatchObject({ holderIdentity: 'one', leaseTransitions: 0 });
  });

  it('after a pause of the whole process it knows at once that it may no longer lead', async () => {
    const one = candidate('one');
    await eventually('a leader', () => one.led.length === 1);
    one.clock.freeze(20_000);
    expect(one.election.isLeading).toBe(false);
  });

  it('another holder on the lease ends it at once', async () => {
    const one = candidate('one');
    await eventually('a leader', () => one.led.length === 1);
    const lease = server.store.get(collection, 'n', 'lead');
    server.store.update(collection, { ...lease, spec: { ...spec(), holderIdentity: 'thief' } }, 'spec');
    await advanceUntil(one.clock, 500, 'the abort', () => one.led[0]?.aborted === true);
    expect(one.clock.monotonicMs()).toBeLessThan(9000);
    expect(await failure(one.ended)).toBeInstanceOf(LeadershipLost);
    expect(spec()['holderIdentity']).toBe('thief');
  });

  it('a stop keeps the lease until the work has ended, and then releases it', async () => {
    const one = candidate('one');
    one.lingerMs = 20_000;
    await eventually('a leader', () => one.led.length === 1);
    stop.abort();
    const puts = server.count('PUT');
    await advanceUntil(one.clock, 500, 'renewals during the drain', () => server.count('PUT') >= puts + 5);
    expect(spec()['holderIdentity']).toBe('one');
    await advanceUntil(one.clock, 500, 'the release', () => spec()['holderIdentity'] === '');
    await one.ended;
    expect(one.led).toHaveLength(1);
  });

  it('a loss after a stop is told as well', async () => {
    const one = candidate('one');
    one.lingerMs = 60_000;
    await eventually('a leader', () => one.led.length === 1);
    stop.abort();
    expect(one.losses[0]?.aborted).toBe(false);
    server.interfere = () => 'hang';
    await advanceUntil(one.clock, 500, 'the loss', () => one.losses[0]?.aborted === true);
    expect(one.losses[0]?.reason).toBeInstanceOf(LeadershipLost);
    // What the work has to end in, until another may lead.
    await one.clock.advance(5000);
    expect(await failure(one.ended)).toBeInstanceOf(LeadershipLost);
  });

  it('what the leader throws comes out, and the lease is released', async () => {
    const clock = new FakeClock();
    const client = new KubeClient(server.kubeConfig(), { clock });
    const [log, metrics] = [new RecordingLog(), new RecordingMetrics()];
    const election = new LeaderElection({ client, namespace: 'n', name: 'lead', identity: 'x', clock, log, metrics });
    const run = election.run(async () => Promise.reject(new Error('mine')), stop.signal);
    expect((await failure(run)).message).toBe('mine');
    expect(spec()['holderIdentity']).toBe('');
    await client.close();
  });
});
