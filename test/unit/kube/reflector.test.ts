import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../../../controller/kube/client.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { Informer, type InformerOptions } from '../../../controller/kube/informer.ts';
import { noMetrics } from '../../../controller/kube/observe.ts';
import type { ResourceClient } from '../../../controller/kube/resource-client.ts';
import { Reflector } from '../../../controller/kube/reflector.ts';
import { FakeApiServer } from '../../helpers/fake-api-server.ts';
import { eventually, forever, RecordingLog, type Thing, thing, things } from '../../helpers/kube-things.ts';

let server: FakeApiServer;
let kube: KubeClient;
let client: ResourceClient<Thing>;
let stop: AbortController;
let log: RecordingLog;
let running: Promise<void>[];

const fast = { backoff: { baseMs: 5, maxMs: 20, jitter: 0 } };

beforeEach(async () => {
  server = await FakeApiServer.start();
  kube = new KubeClient(server.kubeConfig());
  client = kube.resource(things);
  stop = new AbortController();
  log = new RecordingLog();
  running = [];
});
afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  await kube.close();
  await server.stop();
});

function informer(options: Partial<InformerOptions<Thing>> = {}): Informer<Thing> {
  return new Informer<Thing>({ client, clock: systemClock, log, metrics: noMetrics, tuning: fast, ...options });
}

function run(one: Informer<Thing>): void {
  running.push(one.run(stop.signal));
}

/** Every change of an informer as `type name/size`. */
function changesOf(one: Informer<Thing>): string[] {
  const seen: string[] = [];
  one.onChange(({ type, object }) => seen.push(`${type} ${object.metadata?.name}/${object.spec?.size}`));
  return seen;
}

describe('list and watch', () => {
  it('lists in pages and then hears of every change', async () => {
    for (const name of ['a', 'b', 'c']) await client.create(thing(name), forever);
    const one = informer({ tuning: { ...fast, pageSize: 2 } });
    const changes = changesOf(one);
    run(one);
    await one.synced(forever);
    expect(one.store.size).toBe(3);
    await eventually('a watch', () => server.openWatches === 1);
    await client.replace({ ...thing('b', 2) }, forever);
    await client.delete({ namespace: 'default', name: 'c' }, forever);
    await client.create(thing('d'), forever);
    await eventually('the changes', () => changes.length === 6);
    expect(changes).toEqual(['added a/1', 'added b/1', 'added c/1', 'updated b/2', 'deleted c/1', 'added d/1']);
    expect(server.count('GET', 'things')).toBe(2);
  });

  it('asks for bookmarks and goes on from the newest one', async () => {
    const one = informer();
    run(one);
    await eventually('a watch', () => server.openWatches === 1);
    expect(server.seen.at(-1)?.query.get('allowWatchBookmarks')).toBe('true');
    server.sendToWatches('{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"4711"}}}\n');
    await eventually('the bookmark', () => one.hasSeen('4711'));
    server.endWatches();
    await eventually('a second watch', () => server.count('GET', 'things', true) === 2);
    expect(server.seen.at(-1)?.query.get('resourceVersion')).toBe('4711');
  });

  it('loses nothing when a watch is cut: it goes on from the last version, without a new list', async () => {
    const one = informer();
    const changes = changesOf(one);
    run(one);
    await eventually('a watch', () => server.openWatches === 1);
    server.cutWatches();
    await client.create(thing('a'), forever);
    await eventually('the change', () => changes.length === 1);
    expect(server.count('GET', 'things')).toBe(1);
  });

  it('watches each of several namespaces into one cache', async () => {
    await client.create(thing('a', 1, 'one'), forever);
    await client.create(thing('a', 2, 'two'), forever);
    await client.create(thing('a', 3, 'three'), forever);
    const one = informer({ namespaces: ['one', 'two'] });
    run(one);
    await one.synced(forever);
    expect(one.store.list().map((object) => object.spec?.size)).toEqual([1, 2]);
    expect(one.store.list('two').map((object) => object.spec?.size)).toEqual([2]);
  });
});

describe('faults', () => {
  it('survives a watch that answers 500: lists again, with growing pauses', async () => {
    let failures = 0;
    server.interfere = (request) => (request.isWatch && (failures += 1) <= 3 ? { status: 500 } : undefined);
    const one = informer();
    const changes = changesOf(one);
    run(one);
    await eventually('a watch', () => server.openWatches === 1);
    expect(server.count('GET', 'things')).toBe(4);
    const delays = log.lines.map((line) => (line.fields as { delayMs: number }).delayMs);
    expect(delays).toEqual([5, 10, 20]);
    await client.create(thing('a'), forever);
    await eventually('the change', () => changes.length === 1);
  });

  it('lists again after 410 on a watch', async () => {
    const one = informer();
    const changes = changesOf(one);
    run(one);
    await eventually('a watch', () => server.openWatches === 1);
    server.interfere = (request) => (request.isWatch ? { status: 503 } : undefined);
    server.cutWatches();
    await client.create(thing('a'), forever);
    server.compact();
    server.interfere = () => undefined;
    await eventually('the change', () => changes.length === 1);
    expect(server.count('GET', 'things')).toBe(2);
  });

  it('lists again after an ERROR event 410 inside a watch', async () => {
    const one = informer();
    run(one);
    await eventually('a watch', () => server.openWatches === 1);
    server.sendToWatches('{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}\n');
    await eventually('a second watch', () => server.count('GET', 'things', true) === 2);
    expect(server.count('GET', 'things')).toBe(2);
  });

  it('lists again after a line that is not JSON', async () => {
    const one = informer();
    run(one);
    await eventually('a watch', () => server.openWatches === 1);
    server.sendToWatches('{"type":"ADDED","obj\n');
    await eventually('a second watch', () => server.count('GET', 'things', true) === 2);
    expect(server.count('GET', 'things')).toBe(2);
  });

  it('reads an event that comes in pieces, cut inside a character', async () => {
    const one = informer();
    run(one);
    await eventually('a watch', () => server.openWatches === 1);
    const object = {
      ...thing('a'),
      metadata: { name: 'a', namespace: 'default', uid: 'u', resourceVersion: '900' },
      spec: { note: '🧭' },
    };
    const bytes = Buffer.from(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    const middle = bytes.indexOf(Buffer.from('🧭')) + 2;
    server.sendToWatches(bytes.subarray(0, middle) as never);
    await new Promise((resolve) => setImmediate(resolve));
    server.sendToWatches(bytes.subarray(middle) as never);
    await eventually('the event', () => one.store.size === 1);
    expect(one.store.get({ namespace: 'default', name: 'a' })?.spec?.note).toBe('🧭');
  });

  it('is not synced while its list is answered 403', async () => {
    server.interfere = () => ({ status: 403, body: { reason: 'Forbidden' } });
    const one = informer();
    run(one);
    await eventually('three tries', () => server.count('GET') >= 3);
    expect(one.hasSynced).toBe(false);
    expect(one.lastError).toMatchObject({ status: 403 });
    server.interfere = () => undefined;
    await one.synced(forever);
    expect(one.hasSynced).toBe(true);
    await eventually('a watch', () => server.openWatches === 1);
  });

  it('opens a new watch when nothing at all comes on one for too long', async () => {
    const one = informer({ tuning: { ...fast, idleMs: 40 } });
    run(one);
    await eventually('a second watch', () => server.count('GET', 'things', true) >= 2);
    expect(server.count('GET', 'things')).toBe(1);
  });

  it('does not ask in a hot loop when every watch ends at once', async () => {
    server.interfere = (request) => (request.isWatch ? { status: 200, body: '' } : undefined);
    const one = informer({ tuning: { backoff: { baseMs: 40, maxMs: 1000, jitter: 0 } } });
    run(one);
    await eventually('two watches', () => server.count('GET', 'things', true) >= 2);
    const before = server.count('GET', 'things', true);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(server.count('GET', 'things', true) - before).toBeLessThanOrEqual(1);
  });
});

describe('deleted and created again while nobody looked', () => {
  it('tells of a delete and an add, not of an update', async () => {
    await client.create(thing('a', 1), forever);
    const one = informer();
    const changes = changesOf(one);
    run(one);
    await eventually('a watch', () => server.openWatches === 1);
    server.interfere = (request) => (request.isWatch ? { status: 503 } : undefined);
    server.cutWatches();
    await client.delete({ namespace: 'default', name: 'a' }, forever);
    await client.create(thing('a', 2), forever);
    server.compact();
    server.interfere = () => undefined;
    await eventually('the changes', () => changes.length === 3);
    expect(changes).toEqual(['added a/1', 'deleted a/1', 'added a/2']);
  });

  it('tells of an object that is gone', async () => {
    await client.create(thing('a', 1), forever);
    const one = informer();
    const changes = changesOf(one);
    run(one);
    await eventually('a watch', () => server.openWatches === 1);
    server.interfere = (request) => (request.isWatch ? { status: 503 } : undefined);
    server.cutWatches();
    await client.delete({ namespace: 'default', name: 'a' }, forever);
    server.compact();
    server.interfere = () => undefined;
    await eventually('the changes', () => changes.length === 2);
    expect(changes).toEqual(['added a/1', 'deleted a/1']);
  });
});

describe('handlers', () => {
  it('one that throws harms nobody, and is told again until it takes it', async () => {
    const one = informer();
    let throws = 1;
    const taken: string[] = [];
    one.onChange(({ object }) => {
      if (throws-- > 0) throw new Error('a handler');
      taken.push(object.metadata?.name ?? '');
    });
    const others = changesOf(one);
    run(one);
    await eventually('a watch', () => server.openWatches === 1);
    await client.create(thing('a'), forever);
    await eventually('the retry', () => taken.length === 1);
    expect(taken).toEqual(['a']);
    expect(others).toEqual(['added a/1']);
    expect(server.count('GET', 'things')).toBe(1);
    expect(log.lines.filter((line) => line.level === 'error')).toHaveLength(1);
  });

  it('one that comes late is told of all that is there', async () => {
    await client.create(thing('a'), forever);
    const one = informer();
    run(one);
    await one.synced(forever);
    expect(changesOf(one)).toEqual(['added a/1']);
    await eventually('a watch', () => server.openWatches === 1);
  });
});

describe('a sink that throws', () => {
  it('is given everything anew by a list, so that its cache is never ahead of what it took', async () => {
    const kept = new Map<string, Thing>();
    let throws = 1;
    const sink = {
      replace: (objects: readonly Thing[]) =>
        objects.forEach((object) => kept.set(object.metadata?.name ?? '', object)),
      apply: () => {
        if (throws-- > 0) throw new Error('a sink');
      },
    };
    const reflector = new Reflector<Thing>({ client, sink, clock: systemClock, log, ...fast });
    running.push(reflector.run(stop.signal));
    await eventually('a watch', () => server.openWatches === 1);
    await client.create(thing('a'), forever);
    await eventually('the object', () => kept.size === 1);
    expect(server.count('GET', 'things')).toBe(2);
  });
});

describe('stop', () => {
  it('during a list: no watch is ever opened', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const list = client.list.bind(client);
    client.list = async (options, signal) => {
      const answer = await list(options, signal);
      await held;
      return answer;
    };
    const one = informer();
    run(one);
    await eventually('the list', () => server.count('GET') === 1);
    stop.abort();
    release();
    await Promise.all(running);
    expect(server.count('GET', 'things', true)).toBe(0);
    expect(one.hasSynced).toBe(false);
  });

  it('during the backoff: nothing is sent any more', async () => {
    server.interfere = () => ({ status: 500 });
    const one = informer({ tuning: { backoff: { baseMs: 30, maxMs: 30, jitter: 0 } } });
    run(one);
    await eventually('a failure', () => log.lines.length === 1);
    const before = server.seen.length;
    stop.abort();
    await Promise.all(running);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.seen.length).toBe(before);
  });

  it('during a watch: it closes, and run resolves', async () => {
    const one = informer();
    run(one);
    await eventually('a watch', () => server.openWatches === 1);
    stop.abort();
    await Promise.all(running);
    await eventually('no watch', () => server.openWatches === 0);
    expect(server.count('GET', 'things', true)).toBe(1);
  });
});
