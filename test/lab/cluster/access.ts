import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openAuthority } from './authority.ts';
import { writeKubeconfig, type KubeconfigInput } from './kubeconfig.ts';
import { kubectlOutput, runKubectl, type Kubectl, type KubectlOptions, type KubectlResult } from './kubectl.ts';
import { layout, type Description } from './layout.ts';

/** What one can do with a running control plane, from any process that may read its data folder. */
export interface ClusterAccess {
  readonly url: string;
  readonly dataDir: string;
  /** The admin's: a member of system:masters. */
  readonly kubeconfigPath: string;
  readonly kubectlPath: string;
  /** One JSON event a line; undefined when the control plane was started without it. */
  readonly auditLogPath: string | undefined;
  /** Makes a person who authenticates by certificate and has no permission but its groups'. Answers the path of a kubeconfig. */
  addUser(name: string, groups?: readonly string[]): Promise<string>;
  /** A kubeconfig with a fresh 24-hour token of a ServiceAccount that exists. */
  serviceAccountKubeconfig(namespace: string, name: string): Promise<string>;
  /** Runs kubectl, by default as the admin, and answers whatever its code is. */
  kubectl(args: readonly string[], options?: KubectlOptions): Promise<KubectlResult>;
  /**
   * Applies manifests as the admin (server-side): YAML text, or the path of a file or folder (of a kustomization when it has one).
   * CRDs among them are served when it resolves. Answers kubectl's lines; throws `KubectlError`.
   */
  apply(yamlTextOrPath: string, options?: KubectlOptions): Promise<string>;
}

/** Joins a control plane that another process started with this data folder. */
export async function attachControlPlane(dataDir: string): Promise<ClusterAccess> {
  const paths = layout(dataDir);
  const { url, kubectlPath, audited } = JSON.parse(await readFile(paths.description, 'utf8')) as Description;
  const authority = await openAuthority(paths.pki);
  const admin: Kubectl = { program: kubectlPath, home: dataDir, kubeconfig: paths.adminKubeconfig };
  const save = async (user: string, rest: Pick<KubeconfigInput, 'credentials' | 'namespace'>) => {
    await mkdir(paths.users, { recursive: true, mode: 0o700 });
    const path = join(paths.users, `${encodeURIComponent(user)}.kubeconfig`);
    return writeKubeconfig(path, { server: url, caPem: authority.certPem, user, ...rest });
  };
  return {
    url,
    dataDir,
    kubectlPath,
    kubeconfigPath: paths.adminKubeconfig,
    auditLogPath: audited ? paths.auditLog : undefined,
    addUser: async (name, groups = []) => save(name, { credentials: await authority.issueClient(name, groups) }),
    serviceAccountKubeconfig: async (namespace, name) => {
      const token = await kubectlOutput(admin, ['create', 'token', name, '--namespace', namespace, '--duration=24h']);
      const user = `system:serviceaccount:${namespace}:${name}`;
      return save(user, { namespace, credentials: { token: token.trim() } });
    },
    kubectl: (args, options) => runKubectl(admin, args, options),
    apply: (manifests, options) => apply(admin, manifests, options),
  };
}

async function apply(admin: Kubectl, manifests: string, options: KubectlOptions = {}): Promise<string> {
  const args = ['apply', '--server-side', '--force-conflicts', ...source(manifests)];
  const input = isText(manifests) ? { input: manifests } : {};
  const lines = await kubectlOutput(admin, args, { ...options, ...input });
  const crds = lines.match(/^customresourcedefinition\.apiextensions\.k8s\.io\/\S+/gm) ?? [];
  if (crds.length > 0) await kubectlOutput(admin, ['wait', '--for=condition=Established', ...crds], options);
  return lines;
}

function source(manifests: string): string[] {
  if (isText(manifests)) return ['-f', '-'];
  return existsSync(join(manifests, 'kustomization.yaml')) ? ['-k', manifests] : ['-f', manifests];
}

function isText(manifests: string): boolean {
  return manifests.includes('\n');
}
