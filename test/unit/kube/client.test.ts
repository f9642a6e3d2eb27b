import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../../../controller/kube/client.ts';
import { isAborted } from '../../../controller/kube/control-errors.ts';
import * as errors from '../../../controller/kube/errors.ts';
import { collectionPath, objectPath, resource } from '../../../controller/kube/resource.ts';
import type { ResourceClient } from '../../../controller/kube/resource-client.ts';
import { FakeApiServer } from '../../helpers/fake-api-server.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { eventually, failure, forever, type Thing, thing, things } from '../../helpers/kube-things.ts';

let server: FakeApiServer;
let kube: KubeClient;
let client: ResourceClient<Thing>;

beforeEach(async () => {
  server = await FakeApiServer.start();
  kube = new KubeClient(server.kubeConfig());
  client = kube.resource(things);
});
afterEach(async () => {
  await kube.close();
  await server.stop();
});

describe('connections', () => {
  it('20 GETs one after the other do not take 20 TCP connections', async () => {
    await client.create(thing('a'), forever);
    for (let i = 0; i < 20; i += 1) await client.get({ namespace: 'default', name: 'a' }, forever);
    expect(server.count('GET')).toBe(20);
    // One rests for a turn of the event loop after each answer, and a second one takes the next request.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('many GETs at once open connections once, and then keep to them', async () => {
    await client.create(thing('a'), forever);
    const all = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 20 }, () => client.get({ namespace: 'default', name: 'a' }, forever)));
    for (let i = 0; i < 3; i += 1) await all();
    const first = server.connections;
    for (let i = 0; i < 10; i += 1) await all();
    expect(first).toBeLessThanOrEqual(40);
    expect(server.connections).toBe(first);
  });
});

describe('credentials', () => {
  it('that are read again and are the same keep the connections; others get new ones', async () => {
    const clock = new FakeClock();
    const config = server.kubeConfig();
    let servername = 'one';
    config.applyToHTTPSOptions = async (options) => {
      options.servername = servername;
    };
    const one = new KubeClient(config, { clock });
    const ask = (): Promise<unknown> => one.resource(things).list({}, forever);
    await ask();
    await clock.advance(60_000);
    await ask();
    const before = server.connections;
    servername = 'two';
    await clock.advance(60_000);
    await ask();
    expect([before, server.connections]).toEqual([1, 2]);
    await one.close();
  });

  it('a call leaves no timer behind, whatever its end', async () => {
    const clock = new FakeClock();
    const one = new KubeClient(server.kubeConfig(), { clock }).resource(things);
    await one.list({}, forever);
    server.interfere = () => ({ status: 500 });
    await failure(one.list({}, forever));
    server.interfere = () => ({ cut: 'before' });
    await failure(one.list({}, forever));
    const malformed = { method: 'GET', path: '/a path with spaces', signal: forever } as const;
    const raw = new KubeClient(server.kubeConfig(), { clock });
    expect((await failure(raw.raw(malformed))).constructor).toBe(errors.Unavailable);
    await raw.close();
    expect(clock.pending).toBe(0);
  });
});

describe('reads and writes', () => {
  it('drops managedFields from get, list, create, PUT and patch', async () => {
    const key = { namespace: 'default', name: 'a' };
    const results = [
      await client.create(thing('a'), forever),
      await client.get(key, forever),
      (await client.list({}, forever)).items[0],
      await client.patch(key, { type: 'merge', body: { spec: { size: 2 } } }, forever),
      await client.replaceStatus({ ...thing('a'), status: { phase: 'Done' } }, forever),
    ];
    expect(server.store.get('apis/test.dev/v1/things', 'default', 'a').metadata).toHaveProperty('managedFields');
    for (const result of results) expect(result?.metadata).not.toHaveProperty('managedFields');
  });

  it('PUT status changes only the status, and a stale resourceVersion is a Conflict', async () => {
    const created = await client.create(thing('a', 1), forever);
    const written = await client.replaceStatus({ ...created, spec: { size: 9 }, status: { phase: 'One' } }, forever);
    expect(written.spec).toEqual({ size: 1 });
    const error = await failure(client.replaceStatus({ ...created, status: { phase: 'Two' } }, forever));
    expect(error).toBeInstanceOf(errors.Conflict);
    expect((await client.get({ namespace: 'default', name: 'a' }, forever)).status).toEqual({ phase: 'One' });
  });

  it('a patch always names its content type', async () => {
    const key = { namespace: 'default', name: 'a' };
    await client.create(thing('a'), forever);
    await client.patch(key, { type: 'merge', body: { spec: { size: 2 } } }, forever);
    await client.patch(key, { type: 'json', body: [{ op: 'replace', path: '/spec/size', value: 3 }] }, forever);
    await client.patch(key, { type: 'apply', body: thing('a', 4) }, forever, { fieldManager: 'me', force: true });
    const sent = server.seen.filter((one) => one.method === 'PATCH');
    expect(sent.map((one) => one.headers['content-type'])).toEqual([
      'application/merge-patch+json',
      'application/json-patch+json',
      'application/apply-patch+yaml',
    ]);
    expect(sent[2]?.query.toString()).toBe('fieldManager=me&force=true');
    expect((await client.get(key, forever)).spec).toEqual({ size: 4 });
  });

  it('encodes names and selectors', async () => {
    await client.list({ labelSelector: 'a in (b,c)', fieldSelector: 'metadata.name=x&y', namespace: 'n/s' }, forever);
    const [seen] = server.seen;
    expect(seen?.path).toBe('/apis/test.dev/v1/namespaces/n%2Fs/things');
    expect(seen?.query.get('labelSelector')).toBe('a in (b,c)');
    expect(seen?.query.get('fieldSelector')).toBe('metadata.name=x&y');
  });

  it('keeps characters beyond ASCII whole', async () => {
    const note = 'naïve — 三 hops 🧭'.repeat(5000);
    await client.create({ ...thing('a'), spec: { note } }, forever);
    expect((await client.get({ namespace: 'default', name: 'a' }, forever)).spec?.note).toBe(note);
  });

  it('refuses to address a namespaced object without a namespace or a name', () => {
    expect(() => objectPath(things, { name: 'a' })).toThrow(TypeError);
    expect(() => objectPath(things, { namespace: 'default', name: '' })).toThrow(TypeError);
    expect(collectionPath(resource('', 'v1', 'nodes', 'Node', 'Cluster'), 'ignored')).toBe('/api/v1/nodes');
  });

  it('deletes only the object of the UID that is named', async () => {
    const key = { namespace: 'default', name: 'a' };
    const { metadata } = await client.create(thing('a'), forever);
    expect(await failure(client.delete(key, forever, { uid: 'another' }))).toBeInstanceOf(errors.Conflict);
    await client.delete(key, forever, { uid: metadata?.uid ?? '' });
    expect(await failure(client.get(key, forever))).toBeInstanceOf(errors.NotFound);
  });
});

describe('errors', () => {
  const cases: [status: number, body: object | string, kind: new (...rest: never[]) => Error][] = [
    [400, { reason: 'BadRequest' }, errors.BadRequest],
    [401, { reason: 'Unauthorized' }, errors.Unauthorized],
    [403, { reason: 'Forbidden' }, errors.Forbidden],
    [404, { reason: 'NotFound' }, errors.NotFound],
    [409, { reason: 'Conflict' }, errors.Conflict],
    [409, { reason: 'AlreadyExists' }, errors.AlreadyExists],
    [410, { reason: 'Expired' }, errors.Gone],
    [413, 'request body too large', errors.TooLarge],
    [500, { message: 'etcdserver: request is too large' }, errors.TooLarge],
    [422, { reason: 'Invalid' }, errors.Invalid],
    [429, { reason: 'TooManyRequests' }, errors.TooManyRequests],
    [503, 'unavailable', errors.Unavailable],
    [500, { reason: 'InternalError' }, errors.UnknownOutcome],
    [504, { reason: 'Timeout' }, errors.UnknownOutcome],
  ];
  it.each(cases)('a PUT answered %i %j has a class of its own', async (status, body, kind) => {
    server.interfere = () => ({ status, body });
    const error = await failure(client.replaceStatus(thing('a'), forever));
    expect(error.constructor).toBe(kind);
    expect(error).toMatchObject({ status });
  });

  it('a GET answered 500 is Unavailable, never an unknown outcome', async () => {
    server.interfere = () => ({ status: 500, body: {} });
    const error = await failure(client.get({ namespace: 'default', name: 'a' }, forever));
    expect(error.constructor).toBe(errors.Unavailable);
  });

  it('429 says when to come back, by header and by Status', async () => {
    server.interfere = () => ({ status: 429, headers: { 'retry-after': '7' } });
    expect(await failure(client.list({}, forever))).toMatchObject({ retryAfterMs: 7000 });
    server.interfere = () => ({ status: 429, body: { details: { retryAfterSeconds: 3 } } });
    expect(await failure(client.list({}, forever))).toMatchObject({ retryAfterMs: 3000 });
  });

  it('Invalid names the fields', async () => {
    const details = { causes: [{ field: 'spec.size', reason: 'FieldValueInvalid', message: 'too big' }] };
    server.interfere = () => ({ status: 422, body: { reason: 'Invalid', details } });
    expect(await failure(client.create(thing('a'), forever))).toMatchObject({ details });
  });
});

describe('lost answers', () => {
  it('a write whose answer is dropped after it was carried out is an unknown outcome', async () => {
    server.interfere = () => ({ cut: 'after' });
    const error = await failure(client.create(thing('a'), forever));
    expect(error.constructor).toBe(errors.UnknownOutcome);
    expect(server.store.list('apis/test.dev/v1/things', undefined)).toHaveLength(1);
  });

  it('a write is never sent twice by the client', async () => {
    server.interfere = () => ({ cut: 'before' });
    await failure(client.create(thing('a'), forever));
    expect(server.count('POST')).toBe(1);
  });

  it('a read whose answer is dropped is Unavailable', async () => {
    server.interfere = () => ({ cut: 'before' });
    expect((await failure(client.list({}, forever))).constructor).toBe(errors.Unavailable);
  });

  it('a write that never left is Unavailable', async () => {
    const away = new KubeClient(server.kubeConfig());
    await server.stop();
    const error = await failure(away.resource(things).create(thing('a'), forever));
    expect(error.constructor).toBe(errors.Unavailable);
    server = await FakeApiServer.start();
  });

  it('a call without an answer ends after its timeout', async () => {
    server.interfere = () => 'hang';
    const error = await failure(client.get({ namespace: 'default', name: 'a' }, forever, { timeoutMs: 30 }));
    expect(error.constructor).toBe(errors.Unavailable);
    expect(error.cause).toMatchObject({ name: 'TimedOut' });
  });

  it('an aborted write that was under way is an unknown outcome, and recognised as aborted', async () => {
    server.interfere = () => 'hang';
    const abort = new AbortController();
    const writing = failure(client.create(thing('a'), abort.signal));
    await eventually('the request', () => server.seen.length === 1);
    abort.abort();
    const error = await writing;
    expect(error.constructor).toBe(errors.UnknownOutcome);
    expect(isAborted(error)).toBe(true);
  });

  it('nothing is sent once the signal has aborted', async () => {
    const error = await failure(client.create(thing('a'), AbortSignal.abort()));
    expect(error.constructor).toBe(errors.Unavailable);
    expect(isAborted(error)).toBe(true);
    expect(server.seen).toHaveLength(0);
  });
});
