import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { startControlPlane, type ControlPlane } from '../cluster/control-plane.ts';

const root = join(import.meta.dirname, '../../..');
export const systemNamespace = 'threehops-system';
const operatorAccount = 'threehops';

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
  /** Has the operator open sessions in the namespace for alerts. Answers the bearer token of a ServiceAccount that may report them. */
  alertToken(namespace: string): Promise<string>;
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
    controlPlane.serviceAccountKubeconfig(systemNamespace, operatorAccount),
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
    watcherToken: (namespace) => tokenOf(controlPlane, namespace, watcher),
    async alertToken(namespace) {
      await controlPlane.apply(yaml(alertBindings(namespace)));
      return tokenOf(controlPlane, namespace, alertReporter);
    },
    stop: () => controlPlane.stop(),
  };
}

const watcher = 'progress-watcher';
const alertReporter = 'alertmanager';

async function tokenOf(controlPlane: ControlPlane, namespace: string, account: string): Promise<string> {
  const create = ['create', 'token', account, '--namespace', namespace, '--duration=24h'];
  return (await controlPlane.kubectl(create)).stdout.trim();
}

function bindings(namespace: string): readonly object[] {
  const user = (name: string): object => ({ kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' });
  return [
    serviceAccount(namespace, watcher),
    binding(namespace, 'threehops-author', user(people.author)),
    binding(namespace, 'threehops-approver', user(people.approver)),
    binding(namespace, 'threehops-viewer', { kind: 'ServiceAccount', name: watcher, namespace }),
  ];
}

function alertBindings(namespace: string): readonly object[] {
  const operator = { kind: 'ServiceAccount', name: operatorAccount, namespace: systemNamespace };
  return [
    serviceAccount(namespace, alertReporter),
    binding(namespace, 'threehops-alert-receiver', operator),
    binding(namespace, 'threehops-alert-sender', { kind: 'ServiceAccount', name: alertReporter, namespace }),
  ];
}

function serviceAccount(namespace: string, name: string): object {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
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
