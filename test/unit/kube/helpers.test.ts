import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../../../controller/kube/client.ts';
import { isAborted, Terminal } from '../../../controller/kube/control-errors.ts';
import { OwnWrites } from '../../../controller/kube/consistency.ts';
import { AlreadyExists, Conflict } from '../../../controller/kube/errors.ts';
import { EventRecorder, kubeEvents } from '../../../controller/kube/events.ts';
import { addFinalizer, hasFinalizer, isBeingDeleted, removeFinalizer } from '../../../controller/kube/finalizers.ts';
import { microTime } from '../../../controller/kube/micro-time.ts';
import { noLog } from '../../../controller/kube/observe.ts';
import { controllerOf, isOwnedBy, ownerReference } from '../../../controller/kube/owner-references.ts';
import type { ResourceClient } from '../../../controller/kube/resource-client.ts';
import { applyObject } from '../../../controller/kube/server-side-apply.ts';
import { FakeApiServer } from '../../helpers/fake-api-server.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import {
  advanceUntil,
  eventually,
  failure,
  forever,
  RecordingMetrics,
  type Thing,
  thing,
  things,
} from '../../helpers/kube-things.ts';

let server: FakeApiServer;
let kube: KubeClient;
let client: ResourceClient<Thing>;
const key = { namespace: 'default', name: 'a' };

beforeEach(async () => {
  server = await FakeApiServer.start();
  kube = new KubeClient(server.kubeConfig());
  client = kube.resource(things);
});
afterEach(async () => {
  await kube.close();
  await server.stop();
});

describe('finalizers', () => {
  it('are added to none, beside others, and not twice', async () => {
    const created = await client.create(thing('a'), forever);
    const once = await addFinalizer(client, created, 'x.dev/one', forever);
    const twice = await addFinalizer(client, once, 'x.dev/two', forever);
    expect(twice.metadata?.finalizers).toEqual(['x.dev/one', 'x.dev/two']);
    const patches = server.count('PATCH');
    expect(await addFinalizer(client, twice, 'x.dev/two', forever)).toBe(twice);
    expect(server.count('PATCH')).toBe(patches);
  });

  it('are removed one by one, and the last lets the object go', async () => {
    let object = await client.create(thing('a'), forever);
    object = await addFinalizer(client, object, 'x.dev/one', forever);
    object = await addFinalizer(client, object, 'x.dev/two', forever);
    await client.delete(key, forever);
    object = await client.get(key, forever);
    expect(isBeingDeleted(object)).toBe(true);
    object = await removeFinalizer(client, object, 'x.dev/one', forever);
    expect(hasFinalizer(object, 'x.dev/two')).toBe(true);
    await removeFinalizer(client, object, 'x.dev/two', forever);
    expect(server.store.list('apis/test.dev/v1/things', 'default')).toEqual([]);
  });

  it('are not added to an object that was deleted and created again', async () => {
    const old = await client.create(thing('a'), forever);
    await client.delete(key, forever);
    await client.create(thing('a'), forever);
    expect(await failure(addFinalizer(client, old, 'x.dev/one', forever))).toBeInstanceOf(Conflict);
    expect((await client.get(key, forever)).metadata?.finalizers).toBeUndefined();
  });

  it('never remove the one that somebody else put at that place', async () => {
    const read = await addFinalizer(client, await client.create(thing('a'), forever), 'x.dev/mine', forever);
    const metadata = { ...read.metadata, finalizers: ['x.dev/theirs', 'x.dev/mine'] };
    await client.replace({ ...read, metadata }, forever);
    expect(await failure(removeFinalizer(client, read, 'x.dev/mine', forever))).toBeInstanceOf(Conflict);
    expect((await client.get(key, forever)).metadata?.finalizers).toEqual(['x.dev/theirs', 'x.dev/mine']);
  });
});

describe('events', () => {
  const clock = new FakeClock();
  let metrics: RecordingMetrics;
  let stop: AbortController;
  let recorder: EventRecorder;
  let running: Promise<void>;
  const collection = 'apis/events.k8s.io/v1/events';
  const outcome = (name: string): number => metrics.value('threehops_events_total', { outcome: name });
  const note = { type: 'Normal', reason: 'Swept', action: 'Sweep', note: 'all answered' } as const;
  const stored = (name = 'a'): Thing => ({
    ...thing(name),
    metadata: { ...thing(name).metadata, uid: `uid-${name}`, resourceVersion: '1' },
  });

  beforeEach(() => {
    metrics = new RecordingMetrics();
    stop = new AbortController();
    recorder = new EventRecorder({ client: kube, controller: 'x.dev/c', instance: 'pod', clock, log: noLog, metrics });
    running = recorder.run(stop.signal);
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  it('say what happened to which object, with a MicroTime', async () => {
    recorder.record(stored(), note);
    await recorder.flush(forever);
    expect(server.store.list(collection, 'default')).toMatchObject([
      {
        ...note,
        eventTime: '2026-01-02T03:04:05.678000Z',
        reportingController: 'x.dev/c',
        reportingInstance: 'pod',
        regarding: { kind: 'Thing', name: 'a', namespace: 'default', uid: 'uid-a' },
      },
    ]);
  });

  it('that are said again are one event: counted, not thrown', async () => {
    recorder.record(stored(), note);
    recorder.record(stored(), note);
    recorder.record(stored(), { ...note, occurrence: 'iteration-2' });
    await recorder.flush(forever);
    expect(server.store.list(collection, 'default')).toHaveLength(2);
    expect([outcome('recorded'), outcome('repeated')]).toEqual([2, 1]);
  });

  it('are bounded for each object, and others are not held up by it', async () => {
    for (let i = 0; i < 100; i += 1) recorder.record(stored(), { ...note, occurrence: String(i) });
    recorder.record(stored('b'), note);
    await recorder.flush(forever);
    expect(outcome('dropped')).toBe(75);
    expect(server.store.list(collection, 'default')).toHaveLength(26);
  });

  it('cut a note that is too long', async () => {
    recorder.record(stored(), { ...note, note: 'x'.repeat(5000) });
    await recorder.flush(forever);
    const [event] = await kube
      .resource(kubeEvents)
      .list({}, forever)
      .then(({ items }) => items);
    expect(event?.note).toHaveLength(1024);
  });

  it('that cannot be recorded are tried three times and then counted', async () => {
    server.interfere = () => ({ status: 503 });
    recorder.record(stored(), note);
    await advanceUntil(clock, 500, 'giving up', () => outcome('failed') === 1);
    expect(server.count('POST')).toBe(3);
  });

  it('that are refused are not tried again', async () => {
    server.interfere = () => ({ status: 422 });
    recorder.record(stored(), note);
    await recorder.flush(forever);
    expect(outcome('failed')).toBe(1);
    expect(server.count('POST')).toBe(1);
  });
});

describe('consistency with own writes', () => {
  const request = { namespace: 'default', name: 'a' };
  const written: Thing = { metadata: { namespace: 'default', name: 'a', resourceVersion: '20' } };

  it('a request is skipped until the cache has seen the write', async () => {
    let seen = 10;
    let reconciled = 0;
    const own = new OwnWrites({ clock: new FakeClock(), recheckMs: 100 });
    const reconcile = own.guard(async () => {
      reconciled += 1;
      return {};
    });
    own.wrote(request, { hasSeen: (version) => seen >= Number(version) }, written);
    expect(await reconcile(request, forever, noLog)).toEqual({ requeueAfterMs: 100 });
    expect(await reconcile({ namespace: 'default', name: 'other' }, forever, noLog)).toEqual({});
    seen = 20;
    expect(await reconcile(request, forever, noLog)).toEqual({});
    expect(reconciled).toBe(2);
  });

  it('a write that the cache never sees is not waited for for ever', async () => {
    const clock = new FakeClock();
    const own = new OwnWrites({ clock, timeoutMs: 5000 });
    own.wrote(request, { hasSeen: () => false }, written);
    await clock.advance(4999);
    expect(own.isCaughtUp(request)).toBe(false);
    await clock.advance(1);
    expect(own.isCaughtUp(request)).toBe(true);
  });

  it('each of several caches is waited for', () => {
    const own = new OwnWrites({ clock: new FakeClock() });
    let other = false;
    own.wrote(request, { hasSeen: () => true }, written);
    own.wrote(request, { hasSeen: () => other }, { metadata: { namespace: 'default', resourceVersion: '21' } });
    expect(own.isCaughtUp(request)).toBe(false);
    other = true;
    expect(own.isCaughtUp(request)).toBe(true);
  });
});

describe('small things', () => {
  it('microTime has six digits', () => {
    expect(microTime(new Date('2026-01-02T03:04:05.678Z'))).toBe('2026-01-02T03:04:05.678000Z');
  });

  it('owner references name the owner by UID', async () => {
    const owner = await client.create(thing('a'), forever);
    const reference = ownerReference(owner);
    const child: Thing = { metadata: { name: 'c', ownerReferences: [reference] } };
    expect(isOwnedBy(child, owner)).toBe(true);
    expect(controllerOf(child)).toEqual(reference);
    expect(isOwnedBy(child, await client.create(thing('b'), forever))).toBe(false);
    expect(() => ownerReference(thing('c'))).toThrow(TypeError);
  });

  it('server-side apply names its manager and creates what is not there', async () => {
    const applied = await applyObject(client, { metadata: key, spec: { size: 3 } }, forever, { fieldManager: 'me' });
    expect(applied.spec).toEqual({ size: 3 });
    expect(server.seen[0]?.query.get('fieldManager')).toBe('me');
    expect(JSON.parse(server.seen[0]?.body ?? '')).toMatchObject({ apiVersion: 'test.dev/v1', kind: 'Thing' });
    expect(await failure(client.create(thing('a'), forever))).toBeInstanceOf(AlreadyExists);
  });

  it('an abort is recognised through its causes', () => {
    const abort = AbortSignal.abort();
    expect(isAborted(new Terminal('X', { cause: abort.reason as Error }))).toBe(true);
    expect(isAborted(new Error('x'))).toBe(false);
    const own = AbortSignal.abort(new Error('mine'));
    expect(isAborted(own.reason, own)).toBe(true);
    expect(isAborted(own.reason)).toBe(false);
  });
});

it('a token file is read again', async () => {
  const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const folder = await mkdtemp(join((await import('node:os')).tmpdir(), 'threehops-token-'));
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, 'first');
  const clock = new FakeClock();
  const config = server.kubeConfig({ authProvider: { name: 'tokenFile', config: { tokenFile } } });
  const one = new KubeClient(config, { clock });
  await one.resource(things).list({}, forever);
  await one.resource(things).list({}, forever);
  expect(server.seen.map((request) => request.headers.authorization)).toEqual(['Bearer first', 'Bearer first']);
  await one.close();
  await rm(folder, { recursive: true });
});

it('after a 401 the credentials are read anew and the call is made once more, a write too', async () => {
  let tokens = 0;
  const config = server.kubeConfig({ token: undefined, exec: { command: 'none' } });
  config.applyToHTTPSOptions = async (options) => {
    tokens += 1;
    options.headers = { Authorization: `Bearer token-${tokens}` };
  };
  const one = new KubeClient(config);
  server.interfere = (request) => (request.headers.authorization === 'Bearer token-1' ? { status: 401 } : undefined);
  await one.resource(things).create(thing('a'), forever);
  await one.resource(things).get(key, forever);
  await eventually('three requests', () => server.seen.length === 3);
  expect(server.seen.map((request) => request.headers.authorization)).toEqual([
    'Bearer token-1',
    'Bearer token-2',
    'Bearer token-2',
  ]);
  await one.close();
});
