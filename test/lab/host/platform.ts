import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { startControlPlane, type ControlPlane } from '../cluster/control-plane.ts';

const root = join(import.meta.dirname, '../../..');
export const systemNamespace = 'threehops-system';

/** People of the lab: one who asks for sessions, one who decides approvals. */
export const people = { author: 'dana', approver: 'riley' } as const;

/** A control plane on which the operator is installed, but for the operator itself. */
export interface Platform {
  readonly controlPlane: ControlPlane;
  /** Kubeconfig of the operator's ServiceAccount. */
  readonly operatorKubeconfig: string;
  /** Kubeconfigs of the lab's people. */
  readonly kubeconfigs: Readonly<Record<keyof typeof people, string>>;
  /** A namespace with its secrets' role and the people's roles. */
  createNamespace(name: string): Promise<void>;
  /** Bearer token of a ServiceAccount that may look at the namespace's sessions, and no more. */
  watcherToken(namespace: string): Promise<string>;
  stop(): Promise<void>;
}

export interface PlatformOptions {
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const controlPlane = await startControlPlane(options);
  options.progress('installing the CRDs, the admission policies and the roles');
  await controlPlane.apply(join(root, 'crds'));
  await controlPlane.apply(join(root, 'manifests/base/access'));
  const [operatorKubeconfig, author, approver] = await Promise.all([
    controlPlane.serviceAccountKubeconfig(systemNamespace, 'threehops'),
    controlPlane.addUser(people.author),
    controlPlane.addUser(people.approver),
  ]);
  return {
    controlPlane,
    operatorKubeconfig,
    kubeconfigs: { author, approver },
    async createNamespace(name) {
      const objects = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, ...bindings(name)];
      await controlPlane.apply(yaml(objects));
      const sample = join(root, 'manifests/samples/secret-reader.yaml');
      await controlPlane.kubectl(['apply', '--server-side', '--namespace', name, '-f', '-'], {
        input: readFileSync(sample, 'utf8'),
      });
    },
    async watcherToken(namespace) {
      const create = ['create', 'token', watcher, '--namespace', namespace, '--duration=24h'];
      return (await controlPlane.kubectl(create)).stdout.trim();
    },
    stop: () => controlPlane.stop(),
  };
}

const watcher = 'progress-watcher';

function bindings(namespace: string): readonly object[] {
  const user = (name: string): object => ({ kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' });
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: watcher, namespace } },
    binding(namespace, 'threehops-author', user(people.author)),
    binding(namespace, 'threehops-approver', user(people.approver)),
    binding(namespace, 'threehops-viewer', { kind: 'ServiceAccount', name: watcher, namespace }),
  ];
}

function binding(namespace: string, role: string, subject: object): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: role, namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [subject],
  };
}

/** Several objects as one text for `kubectl apply`. */
export function yaml(objects: readonly object[]): string {
  return objects.map((object) => dump(object, { lineWidth: -1 })).join('---\n');
}
