import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeClient } from '../../../controller/kube/client.ts';
import type { ClusterAccess } from '../../lab/cluster/access.ts';
import { openAuthority } from '../../lab/cluster/authority.ts';
import { layout } from '../../lab/cluster/layout.ts';
import { closeServer } from '../../lab/parts/listen.ts';
import { startLogServer } from './log-server.ts';
import { pods, type Container, type Pod } from './pod-spec.ts';
import { killGroup, startContainer, type Machine, type Started } from './run-container.ts';
import { foldersOf, variablesOf } from './volumes.ts';

const pollMs = 100;
const nodeName = 'stand-in';

interface Work {
  readonly folder: string;
  readonly started: Map<string, Started>;
  readonly stop: AbortController;
}

/**
 * In the place of a node: runs the containers of the Pods that are scheduled to it, one after the other, each in bubblewrap on the folders of
 * its volumes, writes their status and serves their logs, as a kubelet does. It bounds no memory and no disk.
 */
export class StandInKubelet {
  #machine: Machine;
  readonly #client: KubeClient;
  readonly #works = new Map<string, Work>();
  readonly #end = new AbortController();
  #looking: Promise<void> = Promise.resolve();
  #closeLogs: () => Promise<void> = () => Promise.resolve();

  private constructor(client: KubeClient, machine: Machine) {
    this.#machine = machine;
    this.#client = client;
  }

  /** `client` is an admin's. */
  static async start(
    cluster: ClusterAccess,
    client: KubeClient,
    machine: Omit<Machine, 'apiServer'>,
    capacity: Readonly<Record<string, string>>,
  ): Promise<StandInKubelet> {
    const { hostname: host, port } = new URL(cluster.url);
    const kubelet = new StandInKubelet(client, { ...machine, apiServer: { host, port } });
    const authority = await openAuthority(layout(cluster.dataDir).pki);
    const certificate = await authority.issueServer(['127.0.0.1']);
    const logs = await startLogServer(certificate, (pod, container) =>
      kubelet.#works.get(pod)?.started.get(container)?.said(),
    );
    kubelet.#closeLogs = () => closeServer(logs.server);
    await cluster.apply(`${JSON.stringify(nodeOf(capacity, logs.port))}\n`);
    await cluster.kubectl(['taint', 'node', nodeName, 'node.kubernetes.io/not-ready-']);
    kubelet.#looking = kubelet.#look();
    return kubelet;
  }

  /**
   * Open: the machine's own network, as where nothing enforces policies; `apiServer` then stands for the API server. For containers that start
   * from now on.
   */
  network(is: 'Open' | 'Closed', apiServer = this.#machine.apiServer): void {
    this.#machine = { ...this.#machine, openNetwork: is === 'Open', apiServer };
  }

  async stop(): Promise<void> {
    this.#end.abort(new Error('the kubelet ends'));
    await this.#looking;
    for (const work of this.#works.values()) end(work);
    await this.#closeLogs();
  }

  async #look(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const { items } = await this.#client
        .resource(pods)
        .list({ fieldSelector: `spec.nodeName=${nodeName}` }, signal)
        .catch(() => ({ items: [] as readonly Pod[] }));
      for (const pod of items) this.#see(pod);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  #see(pod: Pod): void {
    const { name = '', uid = '', deletionTimestamp } = pod.metadata ?? {};
    const work = this.#works.get(name);
    if (deletionTimestamp !== undefined) void this.#remove(pod, work).catch(() => undefined);
    else if (work === undefined && uid !== '') {
      const begun = {
        folder: mkdtempSync(join(tmpdir(), 'threehops-kubelet-')),
        started: new Map(),
        stop: new AbortController(),
      };
      this.#works.set(name, begun);
      void this.#run(pod, begun).catch((error: unknown) => {
        if (!begun.stop.signal.aborted && !this.#end.signal.aborted) console.error('stand-in kubelet:', error);
      });
    }
  }

  async #remove({ metadata }: Pod, work: Work | undefined): Promise<void> {
    const { namespace = '', name = '' } = metadata ?? {};
    if (work !== undefined) end(work);
    await this.#client.resource(pods).delete({ namespace, name }, this.#end.signal, { gracePeriodSeconds: 0 });
  }

  async #run(pod: Pod, work: Work): Promise<void> {
    const { spec } = pod;
    const uid = spec.securityContext.runAsUser;
    const folders = await foldersOf(this.#client, pod, work.folder, work.stop.signal);
    const init = (spec.initContainers ?? []).map((container) => ({
      container,
      list: 'initContainerStatuses' as const,
    }));
    const main = spec.containers.map((container) => ({ container, list: 'containerStatuses' as const }));
    const told: Record<string, object[]> = { initContainerStatuses: [], containerStatuses: [] };
    let failed = false;
    for (const { container, list } of [...init, ...main]) {
      const startedAt = new Date().toISOString();
      const variables = await variablesOf(this.#client, pod.metadata?.namespace ?? '', container, work.stop.signal);
      const started = startContainer(this.#machine, container, variables, folders, uid);
      work.started.set(container.name, started);
      const others = told[list] ?? [];
      await this.#tell(pod, 'Running', {
        ...told,
        [list]: [...others, statusOf(container, { running: { startedAt } })],
      });
      const exitCode = await started.exitCode;
      work.stop.signal.throwIfAborted();
      const message = exitCode === 0 ? '' : started.said().slice(-2048);
      const reason = exitCode === 0 ? 'Completed' : 'Error';
      const terminated = { exitCode, reason, message, startedAt, finishedAt: new Date().toISOString() };
      told[list] = [...others, statusOf(container, { terminated })];
      failed = exitCode !== 0;
      await this.#tell(pod, 'Running', told);
      if (failed) break;
    }
    await this.#tell(pod, failed ? 'Failed' : 'Succeeded', told);
  }

  async #tell({ metadata }: Pod, phase: string, statuses: object): Promise<void> {
    const { namespace = '', name = '' } = metadata ?? {};
    const body = { status: { phase, ...statuses } };
    await this.#client
      .resource(pods)
      .patch({ namespace, name }, { type: 'merge', body }, this.#end.signal, { subresource: 'status' });
  }
}

function statusOf({ name }: Container, state: object): object {
  return { name, state, ready: false, restartCount: 0, image: 'image', imageID: 'image' };
}

function end({ stop, started, folder }: Work): void {
  stop.abort(new Error('the Pod is deleted'));
  for (const { child } of started.values()) if (child.exitCode === null && child.signalCode === null) killGroup(child);
  rmSync(folder, { recursive: true, force: true });
}

function nodeOf(capacity: Readonly<Record<string, string>>, port: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: nodeName, labels: { 'kubernetes.io/os': 'linux' } },
    status: {
      allocatable: capacity,
      capacity,
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
      conditions: [{ type: 'Ready', status: 'True', reason: 'StandIn', message: '' }],
    },
  };
}
