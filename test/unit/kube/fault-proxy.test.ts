import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../../../controller/kube/client.ts';
import * as errors from '../../../controller/kube/errors.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { Informer } from '../../../controller/kube/informer.ts';
import { leases } from '../../../controller/kube/lease.ts';
import { noLog, noMetrics } from '../../../controller/kube/observe.ts';
import type { ResourceClient } from '../../../controller/kube/resource-client.ts';
import { FakeApiServer } from '../../helpers/fake-api-server.ts';
import { answers, type Fault, firstOf, onWrite, seeded, storm } from '../../helpers/fault-plan.ts';
import { FaultProxy } from '../../helpers/fault-proxy.ts';
import { eventually, failure, forever, type Thing, thing, things } from '../../helpers/kube-things.ts';

const collection = 'apis/test.dev/v1/things';

let server: FakeApiServer;
let proxy: FaultProxy;
let kube: KubeClient;
let client: ResourceClient<Thing>;

beforeEach(async () => {
  server = await FakeApiServer.start();
  proxy = await FaultProxy.start({ target: server.kubeConfig() });
  kube = new KubeClient(proxy.kubeConfig());
  client = kube.resource(things);
});
afterEach(async () => {
  await kube.close();
  await proxy.stop();
  await server.stop();
});

const names = (): string[] => server.store.list(collection, 'default').map(({ metadata }) => metadata.name);

describe('a fault proxy without faults', () => {
  it('passes everything on, with its own credentials, and counts the writes', async () => {
    await client.create(thing('a'), forever);
    await client.replaceStatus({ ...thing('a'), status: { phase: 'One' } }, forever);
    await client.get({ namespace: 'default', name: 'a' }, forever);
    await kube.resource(leases).create({ metadata: { namespace: 'n', name: 'l' } }, forever);
    expect(proxy.writes).toBe(2);
    expect(server.seen.every(({ headers }) => headers.authorization === 'Bearer fake-token')).toBe(true);
  });
});

describe('a fault on the i-th write', () => {
  it('a lost request changes nothing; a lost answer comes after the change', async () => {
    proxy.reset(firstOf(onWrite(2, { kind: 'lost-request' }), onWrite(3, { kind: 'lost-answer' })));
    await client.create(thing('a'), forever);
    expect(await failure(client.create(thing('b'), forever))).toBeInstanceOf(errors.UnknownOutcome);
    expect(await failure(client.create(thing('c'), forever))).toBeInstanceOf(errors.UnknownOutcome);
    await client.create(thing('d'), forever);
    expect(names()).toEqual(['a', 'c', 'd']);
    expect(proxy.writes).toBe(4);
  });

  it('hooks run before the write is seen and after it is committed', async () => {
    const moments: string[] = [];
    proxy.reset(
      () => undefined,
      (moment, { write }) => void moments.push(`${moment} ${write}: ${names().join()}`),
    );
    await client.create(thing('a'), forever);
    await client.create(thing('b'), forever);
    expect(moments).toEqual(['before 1: ', 'after 1: a', 'before 2: a', 'after 2: a,b']);
  });
});

describe('answers', () => {
  const cases: [fault: Fault, kind: new (...rest: never[]) => Error][] = [
    [answers.conflict, errors.Conflict],
    [answers.tooManyRequests, errors.TooManyRequests],
    [answers.internalError, errors.UnknownOutcome],
    [answers.payloadTooLarge, errors.TooLarge],
    [answers.etcdTooLarge, errors.TooLarge],
    [answers.gone, errors.Gone],
    [answers.forbidden, errors.Forbidden],
  ];
  it.each(cases)('%j is understood, and passes', async (fault, kind) => {
    proxy.reset(storm('/things', fault, 2));
    for (let i = 0; i < 2; i += 1) expect((await failure(client.create(thing('a'), forever))).constructor).toBe(kind);
    expect(names()).toEqual([]);
    await client.create(thing('a'), forever);
    expect(names()).toEqual(['a']);
  });

  it('seeded faults are the same for the same seed', async () => {
    const run = async (seed: number): Promise<string> => {
      proxy.reset(seeded(seed, 0.5, [answers.conflict, answers.tooManyRequests]));
      const results = [];
      for (let i = 0; i < 20; i += 1) {
        results.push(
          await client.list({}, forever).then(
            () => 'ok',
            (error: unknown) => (error as Error).name,
          ),
        );
      }
      return results.join();
    };
    expect(await run(7)).toBe(await run(7));
    expect(await run(8)).not.toBe(await run(7));
  });
});

describe('a stale cache', () => {
  it('sees nothing while watches are held, and then everything in order', async () => {
    const informer = new Informer<Thing>({ client, clock: systemClock, log: noLog, metrics: noMetrics });
    const changes: string[] = [];
    informer.onChange(({ type, object }) => changes.push(`${type} ${object.spec?.size}`));
    const stop = new AbortController();
    const running = informer.run(stop.signal);
    await eventually('a watch', () => server.openWatches === 1);
    const release = proxy.holdWatches('things');
    await client.create(thing('a', 1), forever);
    await client.replace(thing('a', 2), forever);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(changes).toEqual([]);
    release();
    await eventually('the changes', () => changes.length === 2);
    expect(changes).toEqual(['added 1', 'updated 2']);
    stop.abort();
    await running;
  });

  it('a list that is frozen stays as it was', async () => {
    await client.create(thing('a'), forever);
    const release = proxy.freezeLists('things');
    await client.list({}, forever);
    await client.create(thing('b'), forever);
    expect((await client.list({}, forever)).items).toHaveLength(1);
    release();
    expect((await client.list({}, forever)).items).toHaveLength(2);
  });
});

describe('an API server that is away', () => {
  it('is Unavailable until it is back', async () => {
    await client.create(thing('a'), forever);
    const comeBack = proxy.goDown();
    expect(await failure(client.list({}, forever))).toBeInstanceOf(errors.Unavailable);
    comeBack();
    expect((await client.list({}, forever)).items).toHaveLength(1);
  });
});
