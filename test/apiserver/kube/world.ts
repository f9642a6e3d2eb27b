import { readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import type { KubeClient } from '../../../controller/kube/client.ts';
import { AlreadyExists, NotFound } from '../../../controller/kube/errors.ts';
import type { KubeObject } from '../../../controller/kube/object.ts';
import { resource } from '../../../controller/kube/resource.ts';
import { forever, things } from '../../helpers/kube-things.ts';

interface Crd extends KubeObject {
  readonly spec?: object;
}

export const namespaces = resource('', 'v1', 'namespaces', 'Namespace', 'Cluster');
const crds = resource<Crd>(
  'apiextensions.k8s.io',
  'v1',
  'customresourcedefinitions',
  'CustomResourceDefinition',
  'Cluster',
);

export function configFrom(path: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(readFileSync(path, 'utf8'));
  return config;
}

/** Serves the resource of the unit tests, `things.test.dev`, with a status of its own. Resolves when it is served. */
export async function installThings(kube: KubeClient): Promise<void> {
  const any = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const size = { type: 'integer', maximum: 1000 };
  const items = { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' };
  const spec = { type: 'object', properties: { size, note: { type: 'string' }, items } };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec, status: any } } };
  const version = { name: 'v1', served: true, storage: true, subresources: { status: {} }, schema };
  const names = { plural: 'things', singular: 'thing', kind: 'Thing' };
  const crd = {
    metadata: { name: 'things.test.dev' },
    spec: { group: 'test.dev', scope: 'Namespaced', names, versions: [version] },
  };
  await kube.resource(crds).create(crd, forever).catch(ignore(AlreadyExists));
  for (let left = 100; left > 0; left -= 1) {
    const served = await kube.resource(things).list({ limit: 1 }, forever).catch(ignore(NotFound));
    if (served !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('things.test.dev is not served');
}

export async function makeNamespace(kube: KubeClient, prefix: string): Promise<string> {
  const made = await kube.resource(namespaces).create({ metadata: { generateName: `${prefix}-` } }, forever);
  return made.metadata?.name ?? '';
}

function ignore(kind: new (...rest: never[]) => Error): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof kind)) throw error;
  };
}
