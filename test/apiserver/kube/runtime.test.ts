import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { Cache } from '../../../controller/kube/cache.ts';
import { KubeClient } from '../../../controller/kube/client.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { OwnWrites } from '../../../controller/kube/consistency.ts';
import { Controller } from '../../../controller/kube/controller.ts';
import { EventRecorder, kubeEvents } from '../../../controller/kube/events.ts';
import type { Informer } from '../../../controller/kube/informer.ts';
import { LeaderElection } from '../../../controller/kube/leader-election.ts';
import { LeaseLocks } from '../../../controller/kube/lease-lock.ts';
import { noLog } from '../../../controller/kube/observe.ts';
import { requestFor } from '../../../controller/kube/object.ts';
import type { ResourceClient } from '../../../controller/kube/resource-client.ts';
import { answers, firstOf, storm } from '../../helpers/fault-plan.ts';
import { FaultProxy } from '../../helpers/fault-proxy.ts';
import {
  eventually,
  forever,
  RecordingLog,
  RecordingMetrics,
  type Thing,
  thing,
  things,
} from '../../helpers/kube-things.ts';
import { configFrom, installThings, makeNamespace } from './world.ts';

let direct: KubeClient;
let proxy: FaultProxy;
let kube: KubeClient;
let namespace: string;
let stop: AbortController;
let log: RecordingLog;
let metrics: RecordingMetrics;
let running: Promise<unknown>[];

beforeAll(async () => {
  direct = new KubeClient(configFrom(inject('kubeconfigPath')));
  await installThings(direct);
  proxy = await FaultProxy.start({ target: configFrom(inject('kubeconfigPath')) });
});
afterAll(async () => {
  await proxy.stop();
  await direct.close();
});
beforeEach(async () => {
  namespace = await makeNamespace(direct, 'kube-runtime');
  proxy.reset();
  kube = new KubeClient(proxy.kubeConfig());
  stop = new AbortController();
  log = new RecordingLog();
  metrics = new RecordingMetrics();
  running = [];
});
afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  await kube.close();
});

const steps = 4;

interface Run {
  readonly informer: Informer<Thing>;
  readonly controller: Controller;
  /** The steps written for each object, in order. */
  readonly written: Map<string, string[]>;
}

/** A controller that counts each object's status up to `steps`, one write a reconciliation. */
async function counting(): Promise<Run> {
  const client: ResourceClient<Thing> = kube.resource(things);
  const cache = new Cache({ client: kube, clock: systemClock, log, metrics });
  const informer = cache.informer(things, {
    namespaces: [namespace],
    tuning: { backoff: { baseMs: 50, maxMs: 500, jitter: 1 } },
  });
  const own = new OwnWrites({ clock: systemClock });
  const written = new Map<string, string[]>();
  const controller = new Controller({
    name: 'counting',
    clock: systemClock,
    log,
    metrics,
    workers: 4,
    reconcile: own.guard(async (request, signal) => {
      const object = informer.store.get(request);
      const step = Number(object?.status?.phase ?? 0);
      if (object === undefined || step >= steps) return {};
      const phase = String(step + 1);
      const answer = await client.replaceStatus({ ...object, status: { phase } }, signal);
      written.set(request.name, [...(written.get(request.name) ?? []), phase]);
      own.wrote(request, informer, answer);
      return {};
    }),
  });
  informer.onChange(({ object }) => controller.queue.add(requestFor(object)));
  running.push(cache.run(stop.signal));
  await cache.synced(forever);
  running.push(controller.run(stop.signal));
  return { informer, controller, written };
}

async function phases(): Promise<(string | undefined)[]> {
  const { items } = await direct.resource(things).list({ namespace }, forever);
  return items.map((item) => item.status?.phase);
}

async function makeThings(count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, i) => direct.resource(things).create(thing(`t${i}`, i, namespace), forever)),
  );
}

const isDone = ({ informer }: Run, count: number): boolean =>
  informer.store.list().filter((one) => one.status?.phase === String(steps)).length === count;

describe('a controller on a real API server', () => {
  it('takes every object through its steps, each written exactly once and never from a stale cache', async () => {
    const run = await counting();
    await makeThings(20);
    await eventually('all to be done', () => isDone(run, 20), 30_000);
    expect(new Set(await phases())).toEqual(new Set(['4']));
    expect([...run.written.values()].every((done) => done.join() === '1,2,3,4')).toBe(true);
    expect(metrics.value('controller_runtime_reconcile_errors_total', { controller: 'counting' })).toBe(0);
  });

  it('a delayed watch makes it wait, however often it is asked, and never write from what was before', async () => {
    let release = (): void => undefined;
    proxy.reset(
      () => undefined,
      (moment, { write }) => {
        if (moment === 'before' && write === 5) release = proxy.holdWatches('things');
      },
    );
    const run = await counting();
    await makeThings(5);
    await eventually('the hold', () => proxy.writes >= 5);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = proxy.writes;
    for (let i = 0; i < 5; i += 1) {
      for (const object of run.informer.store.list()) run.controller.queue.add(requestFor(object));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const held = proxy.writes;
    release();
    await eventually('all to be done', () => isDone(run, 5), 30_000);
    expect(before).toBeLessThan(5 * steps);
    expect(held).toBe(before);
    expect(proxy.writes).toBe(5 * steps);
    expect(metrics.value('controller_runtime_reconcile_errors_total', { controller: 'counting' })).toBe(0);
  });

  it('storms of 409, 429, 500 and lost answers delay it and change nothing else', async () => {
    proxy.reset(
      firstOf(
        storm('/status', answers.conflict, 5),
        storm('/status', answers.tooManyRequests, 2),
        storm('/status', answers.internalError, 5),
        storm('/status', { kind: 'lost-answer' }, 5),
        storm('/status', { kind: 'lost-request' }, 5),
      ),
    );
    const run = await counting();
    await makeThings(10);
    await eventually('all to be done', () => isDone(run, 10), 50_000);
    expect(new Set(await phases())).toEqual(new Set(['4']));
    expect(proxy.writes).toBeLessThanOrEqual(10 * steps + 22);
  });

  it('the API server away for a while: it goes on where it was', async () => {
    const run = await counting();
    await makeThings(3);
    await eventually('all to be done', () => isDone(run, 3), 30_000);
    const comeBack = proxy.goDown();
    await direct.resource(things).create(thing('later', 1, namespace), forever);
    await direct.resource(things).delete({ namespace, name: 't0' }, forever);
    comeBack();
    const later = (): Thing | undefined => run.informer.store.get({ namespace, name: 'later' });
    await eventually('the new one to be done', () => later()?.status?.phase === String(steps), 30_000);
    expect(run.informer.store.get({ namespace, name: 't0' })).toBeUndefined();
  });
});

describe('bookmarks', () => {
  it('a quiet watch goes on from a version that moves', async () => {
    const lists = (): number => proxy.seen.filter((one) => one.path.endsWith('/things') && !one.isWatch).length;
    const cache = new Cache({ client: kube, clock: systemClock, log, metrics });
    const informer = cache.informer(things, { namespaces: [namespace], tuning: { watchMs: 1000 } });
    running.push(cache.run(stop.signal));
    await cache.synced(forever);
    const before = lists();
    const watches = (): number => proxy.seen.filter((one) => one.isWatch).length;
    const elsewhere = await makeNamespace(direct, 'kube-elsewhere');
    await direct.resource(things).create(thing('x', 1, elsewhere), forever);
    await eventually('three watches', () => watches() >= 3, 20_000);
    expect(lists()).toBe(before);
    expect(informer.lastError).toBeUndefined();
  });
});

describe('leases, locks and events on a real API server', () => {
  const election = (identity: string): LeaderElection =>
    new LeaderElection({
      client: kube,
      namespace,
      name: 'lead',
      identity,
      clock: systemClock,
      log: noLog,
      metrics,
      leaseMs: 3000,
      renewDeadlineMs: 2000,
      retryMs: 200,
    });

  it('one leads, and the next one as soon as it is released', async () => {
    const order: string[] = [];
    const stopFirst = new AbortController();
    const lead = (name: string) => async (signal: AbortSignal) => {
      order.push(`${name} begins`);
      await systemClock.sleep(60_000, signal).catch(() => undefined);
      order.push(`${name} ends`);
    };
    const first = election('one').run(lead('one'), stopFirst.signal);
    await eventually('a leader', () => order.length === 1);
    running.push(election('two').run(lead('two'), stop.signal));
    await new Promise((resolve) => setTimeout(resolve, 3500));
    expect(order).toEqual(['one begins']);
    stopFirst.abort();
    await first;
    await eventually('the next leader', () => order.length === 3, 2000);
    expect(order).toEqual(['one begins', 'one ends', 'two begins']);
  });

  it('locks are taken all or none, and gone after their release', async () => {
    const locks = (): LeaseLocks => new LeaseLocks({ client: kube, namespace, clock: systemClock, log: noLog });
    const [one, two] = [locks(), locks()];
    expect(await one.acquire(['a', 'b'], 'uid-1', forever)).toEqual({ acquired: true });
    expect(await two.acquire(['b', 'c'], 'uid-2', forever)).toMatchObject({ acquired: false, holder: 'uid-1' });
    await one.release(['a', 'b'], 'uid-1', forever);
    expect(await two.acquire(['a', 'b', 'c'], 'uid-2', forever)).toEqual({ acquired: true });
    await two.release(['a', 'b', 'c'], 'uid-2', forever);
    const left = await direct.raw({
      method: 'GET',
      path: `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`,
      signal: forever,
    });
    expect((JSON.parse(left) as { items: unknown[] }).items).toEqual([]);
  });

  it('an event is accepted, and its replay by another process is the same event', async () => {
    const object = await direct.resource(things).create(thing('evented', 1, namespace), forever);
    for (const instance of ['pod-1', 'pod-2']) {
      const options = { client: kube, controller: 'test.dev/counting', instance, clock: systemClock, log, metrics };
      const recorder = new EventRecorder(options);
      running.push(recorder.run(stop.signal));
      recorder.record(object, { type: 'Warning', reason: 'Stalled', action: 'Sweep', note: 'because' });
      await recorder.flush(forever);
    }
    const { items } = await direct.resource(kubeEvents).list({ namespace }, forever);
    expect(items.map(({ reason, note }) => ({ reason, note }))).toEqual([{ reason: 'Stalled', note: 'because' }]);
    expect(metrics.value('threehops_events_total', { outcome: 'repeated' })).toBe(1);
    expect(log.lines).toEqual([]);
  });
});
