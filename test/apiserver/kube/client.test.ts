import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { KubeClient } from '../../../controller/kube/client.ts';
import * as errors from '../../../controller/kube/errors.ts';
import { kubeEvents } from '../../../controller/kube/events.ts';
import { addFinalizer, removeFinalizer } from '../../../controller/kube/finalizers.ts';
import { leases } from '../../../controller/kube/lease.ts';
import { microTime } from '../../../controller/kube/micro-time.ts';
import type { ResourceClient } from '../../../controller/kube/resource-client.ts';
import { applyObject } from '../../../controller/kube/server-side-apply.ts';
import { resource } from '../../../controller/kube/resource.ts';
import { attachControlPlane } from '../../lab/cluster/access.ts';
import { failure, forever, type Thing, thing, things } from '../../helpers/kube-things.ts';
import { configFrom, installThings, makeNamespace, namespaces } from './world.ts';

let kube: KubeClient;
let client: ResourceClient<Thing>;
let namespace: string;

beforeAll(async () => {
  kube = new KubeClient(configFrom(inject('kubeconfigPath')));
  await installThings(kube);
  namespace = await makeNamespace(kube, 'kube-client');
  client = kube.resource(things);
});
afterAll(() => kube.close());

const make = (name: string, size = 1): Promise<Thing> => client.create(thing(name, size, namespace), forever);

describe('status writes', () => {
  it('PUT with the resourceVersion: a stale one is a Conflict, spec is untouched, managedFields never come back', async () => {
    const created = await make('status');
    const once = await client.replaceStatus({ ...created, spec: { size: 9 }, status: { phase: 'One' } }, forever);
    expect(once).toMatchObject({ spec: { size: 1 }, status: { phase: 'One' } });
    expect(once.metadata).not.toHaveProperty('managedFields');
    const stale = client.replaceStatus({ ...created, status: { phase: 'Two' } }, forever);
    expect(await failure(stale)).toBeInstanceOf(errors.Conflict);
  });

  it('a write that changes nothing leaves the resourceVersion', async () => {
    const created = await client.replaceStatus({ ...(await make('noop')), status: { phase: 'One' } }, forever);
    const again = await client.replaceStatus({ ...created }, forever);
    expect(again.metadata?.resourceVersion).toBe(created.metadata?.resourceVersion);
  });

  it('too large: 1,600 KiB (an HTTP 500 that says so) and over 3 MiB (413) are TooLarge, never to be tried again', async () => {
    const created = await make('large');
    for (const kib of [1600, 3200]) {
      const status = { phase: 'x'.repeat(kib * 1024) };
      const error = await failure(client.replaceStatus({ ...created, status }, forever));
      expect(error.constructor).toBe(errors.TooLarge);
      expect(errors.isPermanent(error)).toBe(true);
    }
  });

  it('1,400 KiB come through whole', async () => {
    const status = { phase: 'é'.repeat(700 * 1024) };
    const written = await client.replaceStatus({ ...(await make('big')), status }, forever);
    expect(written.status).toEqual(status);
  });
});

describe('a CRD created as a raw object', () => {
  it('keeps enum, CEL rules and list types', async () => {
    const crds = resource<Thing>(
      'apiextensions.k8s.io',
      'v1',
      'customresourcedefinitions',
      'CustomResourceDefinition',
      'Cluster',
    );
    const rule = { rule: 'self.max >= self.min', message: 'max is below min' };
    const number = { type: 'integer' };
    const level = { type: 'string', enum: ['Low', 'High'] };
    const tags = { type: 'array', items: { type: 'string' }, maxItems: 3, 'x-kubernetes-list-type': 'set' };
    const properties = { min: number, max: number, level, tags };
    const spec = { type: 'object', required: ['min', 'max'], properties, 'x-kubernetes-validations': [rule] };
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
    const names = { plural: 'ranges', singular: 'range', kind: 'Range' };
    const versions = [{ name: 'v1', served: true, storage: true, schema }];
    const crd = {
      metadata: { name: 'ranges.test.dev' },
      spec: { group: 'test.dev', scope: 'Namespaced', names, versions },
    };
    await kube.resource(crds).create(crd as Thing, forever);
    const stored = JSON.stringify(await kube.resource(crds).get({ name: 'ranges.test.dev' }, forever));
    for (const kept of ['"enum":["Low","High"]', rule.rule, '"x-kubernetes-list-type":"set"'])
      expect(stored).toContain(kept);
    await kube.resource(crds).delete({ name: 'ranges.test.dev' }, forever);
  });
});

describe('errors of a real API server', () => {
  it('have their classes', async () => {
    const created = await make('errors');
    const key = { namespace, name: 'errors' };
    expect(await failure(make('errors'))).toBeInstanceOf(errors.AlreadyExists);
    expect(await failure(client.get({ namespace, name: 'nobody' }, forever))).toBeInstanceOf(errors.NotFound);
    expect(await failure(make('invalid', 5000))).toBeInstanceOf(errors.Invalid);
    const otherUid = client.delete(key, forever, { uid: 'another' });
    expect(await failure(otherUid)).toBeInstanceOf(errors.Conflict);
    const strategic = client.patch(key, { type: 'strategic', body: {} }, forever);
    expect(await failure(strategic)).toMatchObject({ status: 415 });
    const stale = { metadata: { resourceVersion: '1' }, spec: { size: 2 } };
    expect(await failure(client.patch(key, { type: 'merge', body: stale }, forever))).toBeInstanceOf(errors.Conflict);
    expect((await client.get(key, forever)).metadata?.resourceVersion).toBe(created.metadata?.resourceVersion);
  });

  it('Invalid names the field', async () => {
    const error = (await failure(make('invalid', 5000))) as errors.ApiError;
    expect(error.details?.causes).toMatchObject([{ field: 'spec.size' }]);
  });

  it('a continue token that is none is a BadRequest', async () => {
    expect(await failure(client.list({ continue: 'rubbish' }, forever))).toBeInstanceOf(errors.BadRequest);
  });

  it('a user without permission is Forbidden', async () => {
    const cluster = await attachControlPlane(inject('controlPlaneDir'));
    const other = new KubeClient(configFrom(await cluster.addUser('kube-client-nobody')));
    expect(await failure(other.resource(things).list({ namespace }, forever))).toBeInstanceOf(errors.Forbidden);
    await other.close();
  });

  it('a ServiceAccount with a token is let in as itself', async () => {
    const cluster = await attachControlPlane(inject('controlPlaneDir'));
    await cluster.kubectl(['create', 'serviceaccount', 'robot', '-n', namespace]);
    const other = new KubeClient(configFrom(await cluster.serviceAccountKubeconfig(namespace, 'robot')));
    const error = await failure(other.resource(things).list({ namespace }, forever));
    expect(error.message).toContain(`system:serviceaccount:${namespace}:robot`);
    await other.close();
  });
});

describe('helpers', () => {
  it('a Lease takes a MicroTime and refuses a plain date', async () => {
    const lease = (name: string, renewTime: string) => ({
      metadata: { namespace, name },
      spec: { holderIdentity: 'x', renewTime },
    });
    await kube.resource(leases).create(lease('good', microTime(new Date())), forever);
    const plain = kube.resource(leases).create(lease('bad', new Date().toISOString().slice(0, 19) + 'Z'), forever);
    expect(await failure(plain)).toBeInstanceOf(errors.BadRequest);
  });

  it('finalizers come and go by tested JSON Patches, and never on another object of that name', async () => {
    const created = await make('final');
    let object = await addFinalizer(client, created, 'test.dev/one', forever);
    object = await addFinalizer(client, object, 'test.dev/two', forever);
    expect(object.metadata?.finalizers).toEqual(['test.dev/one', 'test.dev/two']);
    expect(
      await failure(
        removeFinalizer(
          client,
          { ...object, metadata: { ...object.metadata, finalizers: ['test.dev/two'] } },
          'test.dev/two',
          forever,
        ),
      ),
    ).toBeInstanceOf(errors.Conflict);
    await client.delete({ namespace, name: 'final' }, forever);
    object = await removeFinalizer(client, object, 'test.dev/one', forever);
    await removeFinalizer(client, object, 'test.dev/two', forever);
    expect(await failure(client.get({ namespace, name: 'final' }, forever))).toBeInstanceOf(errors.NotFound);
    await make('final');
    expect(await failure(addFinalizer(client, created, 'test.dev/one', forever))).toBeInstanceOf(errors.Conflict);
  });

  it('server-side apply by one manager prunes what it leaves out, and leaves the rest alone', async () => {
    const metadata = { namespace, name: 'applied' };
    await applyObject(client, { metadata, spec: { note: 'theirs' } }, forever, { fieldManager: 'they' });
    const both = { metadata, spec: { size: 1, items: ['a', 'b'] } as Thing['spec'] };
    await applyObject(client, both as Thing, forever, { fieldManager: 'we' });
    const less = { metadata, spec: { items: ['b'] } as Thing['spec'] };
    const applied = await applyObject(client, less as Thing, forever, { fieldManager: 'we' });
    expect(applied.spec).toEqual({ note: 'theirs', items: ['b'] });
    const taking = applyObject(client, { metadata, spec: { note: 'ours' } }, forever, { fieldManager: 'we' });
    expect(await failure(taking)).toBeInstanceOf(errors.Conflict);
  });

  it('a dry run stores nothing', async () => {
    await client.create(thing('dry', 1, namespace), forever, { dryRun: true });
    expect(await failure(client.get({ namespace, name: 'dry' }, forever))).toBeInstanceOf(errors.NotFound);
  });

  it('items of a list of a built-in kind know what they are', async () => {
    const { items } = await kube.resource(namespaces).list({ limit: 1 }, forever);
    expect(items[0]).toMatchObject({ apiVersion: 'v1', kind: 'Namespace' });
    expect((await kube.resource(kubeEvents).list({ namespace }, forever)).items).toEqual([]);
  });
});
