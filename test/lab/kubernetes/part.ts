import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { startControlPlane } from '../cluster/control-plane.ts';
import type { ClusterAccess } from '../cluster/access.ts';
import { startWorkloads } from '../cluster/workloads.ts';
import type { PartOptions } from '../parts/part.ts';
import { stagesOf } from './stages.ts';

export interface KubernetesOptions extends PartOptions {
  /** What the node can pull. */
  readonly images: readonly string[];
}

/** A cluster of its own, beside the operator's, with one node. */
export interface KubernetesCluster {
  readonly access: ClusterAccess;
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  /** Applies objects as the cluster's admin. */
  apply(objects: readonly object[]): Promise<void>;
  /** An object as kubectl reads it. @throws KubectlError */
  get(namespace: string, kind: string, name: string): Promise<unknown>;
  /** Makes the namespace, with who may look at it and change its Deployments. Answers that one's bearer token. */
  admit(namespace: string): Promise<string>;
  stop(): Promise<void>;
}

const sample = join(import.meta.dirname, '../../../manifests/samples/kubernetes-access.yaml');
/** As the sample calls them. */
const account = 'threehops';
const capacity = { cpu: '4', memory: '8Gi', pods: '50' };

export async function startKubernetes(options: KubernetesOptions): Promise<KubernetesCluster> {
  const access = await startControlPlane(options);
  const workloads = await startWorkloads({ ...options, cluster: access, stages: stagesOf(options.images), capacity });
  const read = async (args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await access.kubectl(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const apply = async (objects: readonly object[]): Promise<void> => {
    await access.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, undefined, 1));
  };
  return {
    access,
    url: access.url,
    ca: authorityOf(access.kubeconfigPath),
    apply,
    get: async (namespace, kind, name) => JSON.parse(await read(['get', '-n', namespace, kind, name, '-o', 'json'])),
    async admit(namespace) {
      await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...admission(namespace)]);
      return (await read(['create', 'token', account, '-n', namespace, '--duration=24h'])).trim();
    },
    async stop() {
      await workloads.stop();
      await access.stop();
    },
  };
}

/** The control plane's own file. */
function authorityOf(kubeconfig: string): string {
  const { clusters } = load(readFileSync(kubeconfig, 'utf8')) as {
    clusters: { cluster: Record<'certificate-authority-data', string> }[];
  };
  return Buffer.from(clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString('utf8');
}

/** The sample that people are told to apply, for another namespace. */
function admission(namespace: string): readonly object[] {
  // Our own file.
  const objects = loadAll(readFileSync(sample, 'utf8')) as { metadata: object; subjects?: readonly object[] }[];
  return objects.map(({ metadata, subjects, ...rest }) => ({
    ...rest,
    metadata: { ...metadata, namespace },
    ...(subjects === undefined ? {} : { subjects: subjects.map((one) => ({ ...one, namespace })) }),
  }));
}
