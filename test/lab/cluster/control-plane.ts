/**
 * The local control plane: a real kube-apiserver on etcd, on loopback, for the lab and the tests. RBAC, CRDs, admission policies and
 * ServiceAccount tokens work as on any cluster. No controller manager and no node: nothing collects garbage, a namespace that is
 * deleted stays Terminating, and no pod runs. For a cluster that has these, and with Docker at hand, see manifests/kind/cluster.yaml.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { freePort, until, type Running } from '../parts/process.ts';
import { PartUnavailable, type PartOptions } from '../parts/part.ts';
import { attachControlPlane, type ClusterAccess } from './access.ts';
import { prepareApiserver, startApiserver } from './apiserver.ts';
import { createAuthority } from './authority.ts';
import { provideBinaries, type Binaries } from './binaries.ts';
import { startEtcd } from './etcd.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { layout, type Description } from './layout.ts';
import { isTaken } from './ports.ts';
import { isReady, type Probe } from './readiness.ts';

export interface ControlPlaneOptions extends PartOptions {
  /** Keep an audit log of every write; see audit-policy.ts. */
  readonly auditLog?: boolean;
  /** A free loopback port for kube-apiserver; any without it. */
  readonly choosePort?: () => Promise<number>;
}

export interface ControlPlane extends ClusterAccess {
  /** The processes behind it: etcd's and kube-apiserver's. */
  readonly pids: readonly number[];
  /** Ends both processes and resolves when they are gone. What is in the data folder stays. */
  stop(): Promise<void>;
}

const portAttempts = 3;
const readyTimeoutMs = 60_000;
const stopGraceMs = 1500;

/**
 * Gets the programs when needed, starts them and resolves when the API is ready. They end on `stop()`, when `signal` fires, and when
 * this process does, however it does. Throws `PartUnavailable`, or the signal's reason.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const binaries = await provideBinaries(options);
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const choosePort = options.choosePort ?? freePort;
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort();
    try {
      return await startOn(port, binaries, options);
    } catch (error) {
      options.signal.throwIfAborted();
      // Between the choice of a port and its use, another process may take it.
      if (attempt === portAttempts || !(await isTaken(port))) throw error;
    }
  }
}

async function startOn(port: number, binaries: Binaries, options: ControlPlaneOptions): Promise<ControlPlane> {
  const { dataDir, signal, auditLog = false } = options;
  const probe = await prepare(dataDir, `https://127.0.0.1:${port}`);
  signal.throwIfAborted();
  const servers = await startServers(binaries, { dataDir, port, auditLog });
  const pids = servers.map(({ pid }) => pid);
  const stop = once(() => {
    signal.removeEventListener('abort', onAbort);
    return stopServers(servers);
  });
  const onAbort = () => void stop();
  signal.addEventListener('abort', onAbort);
  try {
    options.progress('kube-apiserver is starting');
    await waitUntilReady(probe, servers, options);
    await describe(dataDir, { url: probe.url, pids, kubectlPath: binaries.kubectl, audited: auditLog });
    return { ...(await attachControlPlane(dataDir)), pids, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepare(dataDir: string, url: string): Promise<Probe> {
  const { pki, adminKubeconfig } = layout(dataDir);
  const authority = await createAuthority(pki);
  await prepareApiserver(dataDir, authority);
  const client = await authority.issueClient('admin', ['system:masters']);
  const caPem = authority.certPem;
  await writeKubeconfig(adminKubeconfig, { server: url, caPem, user: 'admin', credentials: client });
  return { url, caPem, client };
}

function describe(dataDir: string, description: Description): Promise<void> {
  return writeFile(layout(dataDir).description, JSON.stringify(description));
}

/** Both at once: kube-apiserver tries etcd again until it answers. Stopped in the order given. */
async function startServers(
  binaries: Binaries,
  server: { dataDir: string; port: number; auditLog: boolean },
): Promise<readonly Running[]> {
  const etcd = await startEtcd(binaries.etcd, server.dataDir);
  try {
    return [await startApiserver({ program: binaries['kube-apiserver'], ...server }), etcd];
  } catch (error) {
    await etcd.stop(stopGraceMs);
    throw error;
  }
}

/** A second stop would signal process ids that may be somebody else's by then. */
function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= stop());
}

async function stopServers(servers: readonly Running[]): Promise<void> {
  for (const server of servers) await server.stop(stopGraceMs);
}

async function waitUntilReady(probe: Probe, servers: readonly Running[], options: ControlPlaneOptions): Promise<void> {
  let ended = false;
  for (const { exited } of servers) void exited.then(() => (ended = true));
  const ready = async (): Promise<true | undefined> => {
    options.signal.throwIfAborted();
    if (ended)
      throw new PartUnavailable(`the control plane ended while it started:\n${await lastLines(options.dataDir)}`);
    return (await isReady(probe)) ? true : undefined;
  };
  await until('kube-apiserver to be ready', ready, readyTimeoutMs);
}

async function lastLines(dataDir: string): Promise<string> {
  const { etcdLog, apiserverLog } = layout(dataDir);
  const logs = await Promise.all([etcdLog, apiserverLog].map((path) => readFile(path, 'utf8').catch(() => '')));
  return logs.map((log) => log.trim().split('\n').slice(-5).join('\n')).join('\n');
}
