import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { load } from 'js-yaml';
import { PlainAccess, type PlainConfig, type ServerAccess, type Source } from './plain-access.ts';

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The kubeconfig of a file; without one what kubectl would take, and in a cluster the ServiceAccount's own credentials. client-node
 * knows every way to authenticate; it is loaded for those alone that need more than certificates and tokens, as its classes for all of
 * Kubernetes' API take 60 MiB and most of a second.
 */
export async function loadKubeConfig(file: string | undefined): Promise<ServerAccess> {
  const plain = file === undefined ? inClusterConfig() : plainConfig(await readFile(file, 'utf8'), dirname(file));
  return plain === undefined ? fullConfig(file) : new PlainAccess(plain);
}

/** The namespace of the current context, as kubectl takes it where it is told none. */
export async function contextNamespace(file: string | undefined): Promise<string> {
  const config = await fullConfig(file);
  return config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
}

async function fullConfig(file: string | undefined): Promise<KubeConfig> {
  const client = await import('@kubernetes/client-node');
  const config = new client.KubeConfig();
  if (file === undefined) config.loadFromDefault();
  else config.loadFromFile(file);
  return config;
}

interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  /** Where a Pod finds its ServiceAccount's credentials. */
  readonly folder: string;
}

const here: Surroundings = { env: process.env, home: homedir(), folder: serviceAccount };

/** The ServiceAccount's own credentials; undefined outside a cluster, and where there is a kubeconfig, which counts first. */
export function inClusterConfig({ env, home, folder } = here): PlainConfig | undefined {
  const { KUBECONFIG = '', KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  const configured = KUBECONFIG !== '' || existsSync(join(home, '.kube', 'config'));
  const token = join(folder, 'token');
  if (configured || host === undefined || port === undefined || !existsSync(token)) return undefined;
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return { server, ca: { file: join(folder, 'ca.crt') }, token: { file: token } };
}

type Entry = Readonly<Record<string, unknown>>;

interface Kubeconfig {
  readonly 'current-context'?: unknown;
  readonly contexts?: unknown;
  readonly clusters?: unknown;
  readonly users?: unknown;
}

const clusterFields: ReadonlySet<string> = new Set([
  'server',
  'certificate-authority',
  'certificate-authority-data',
  'tls-server-name',
  'insecure-skip-tls-verify',
]);
const userFields: ReadonlySet<string> = new Set([
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
  'token',
]);

/** The current context of a kubeconfig when certificates and tokens are all there is to it; undefined for any other. */
export function plainConfig(text: string, folder: string): PlainConfig | undefined {
  const config = load(text) as Kubeconfig;
  const context = named(config.contexts, 'context', config['current-context']);
  const cluster = named(config.clusters, 'cluster', context?.['cluster']);
  const user = named(config.users, 'user', context?.['user']);
  if (cluster === undefined || user === undefined) return undefined;
  if (!hasOnly(cluster, clusterFields) || !hasOnly(user, userFields)) return undefined;
  const server = textOf(cluster, 'server');
  if (server?.startsWith('https://') !== true) return undefined;
  const token = textOf(user, 'token');
  return {
    server: server.replace(/\/$/, ''),
    ca: sourceOf(cluster, 'certificate-authority', folder),
    serverName: textOf(cluster, 'tls-server-name'),
    insecure: cluster['insecure-skip-tls-verify'] === true,
    certificate: sourceOf(user, 'client-certificate', folder),
    key: sourceOf(user, 'client-key', folder),
    token: token === undefined ? undefined : { data: Buffer.from(token) },
  };
}

function named(list: unknown, kind: string, name: unknown): Entry | undefined {
  if (!Array.isArray(list) || typeof name !== 'string') return undefined;
  const found = (list as readonly (Entry | null)[]).find((entry) => entry?.['name'] === name)?.[kind];
  return typeof found === 'object' && found !== null ? (found as Entry) : undefined;
}

function hasOnly(entry: Entry, fields: ReadonlySet<string>): boolean {
  return Object.keys(entry).every((name) => fields.has(name));
}

/** The data counts where there is a file too, as with kubectl. */
function sourceOf(entry: Entry, field: string, folder: string): Source | undefined {
  const data = textOf(entry, `${field}-data`);
  if (data !== undefined) return { data: Buffer.from(data, 'base64') };
  const file = textOf(entry, field);
  return file === undefined ? undefined : { file: resolve(folder, file) };
}

function textOf(entry: Entry, field: string): string | undefined {
  const value = entry[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
