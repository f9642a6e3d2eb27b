/**
 * What turns a control plane into a cluster where Deployments come to life: kube-controller-manager and kube-scheduler as they are, and
 * kwok in the place of a kubelet: it runs no container, but writes the status that one would have under the stages it is given.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartOptions } from '../parts/part.ts';
import { freePort, until, type Running } from '../parts/process.ts';
import type { ClusterAccess } from './access.ts';
import { provideWorkloadProgram } from './binaries.ts';
import { startBound } from './bound-process.ts';
import { toArguments } from './etcd.ts';
import { type WorkloadProgramName, workloadProgramNames } from './programs.ts';

export interface WorkloadOptions extends PartOptions {
  readonly cluster: ClusterAccess;
  /** kwok's Stages, as YAML documents: how pods fare. */
  readonly stages: string;
  /** What the one node can give, such as `{cpu: '4', memory: 8Gi, pods: '50'}`. */
  readonly capacity: Readonly<Record<string, string>>;
}

const controllers = [
  'deployment-controller',
  'replicaset-controller',
  'endpointslice-controller',
  'resourcequota-controller',
  'horizontal-pod-autoscaler-controller',
  'garbage-collector-controller',
  'namespace-controller',
];
const stopGraceMs = 1000;
const nodeName = 'node-1';

/** Resolves when the node is ready. Everything ends with `stop()` and with the signal. */
export async function startWorkloads(options: WorkloadOptions): Promise<{ stop(): Promise<void> }> {
  const { signal, progress, cluster } = options;
  const programs = await obtainAll(options);
  progress('kube-controller-manager, kube-scheduler and kwok are starting');
  const running: Running[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.splice(0).map((one) => one.stop(stopGraceMs)));
  };
  signal.addEventListener('abort', () => void stop(), { once: true });
  try {
    for (const [name, flags] of await flagsOf(options)) {
      const logFile = join(options.dataDir, `${name}.log`);
      running.push(await startBound(programs[name], toArguments(flags), { cwd: options.dataDir, logFile }));
    }
    await cluster.apply(JSON.stringify(node(options.capacity), undefined, 1));
    await nodeReady(cluster, signal);
    // Admission taints each new node; what would take it off again is the node controller, which does not run here.
    await cluster.kubectl(['taint', 'node', nodeName, 'node.kubernetes.io/not-ready-']);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function obtainAll(options: PartOptions): Promise<Readonly<Record<WorkloadProgramName, string>>> {
  const paths: [WorkloadProgramName, string][] = [];
  // One after the other: a build takes both cores.
  for (const name of workloadProgramNames) paths.push([name, await provideWorkloadProgram(name, options)]);
  return Object.fromEntries(paths) as Record<WorkloadProgramName, string>;
}

async function flagsOf(
  options: WorkloadOptions,
): Promise<readonly (readonly [WorkloadProgramName, Readonly<Record<string, string>>])[]> {
  const { cluster, dataDir, stages } = options;
  const config = join(dataDir, 'stages.yaml');
  await writeFile(config, stages);
  const kubeconfig = cluster.kubeconfigPath;
  const alone = { kubeconfig, 'leader-elect': 'false', 'secure-port': '0' };
  const server = `127.0.0.1:${await freePort()}`;
  return [
    ['kube-controller-manager', { ...alone, controllers: controllers.join(',') }],
    ['kube-scheduler', { ...alone }],
    ['kwok', { kubeconfig, config, 'manage-all-nodes': 'true', 'server-address': server }],
  ];
}

function node(capacity: Readonly<Record<string, string>>): object {
  const metadata = { name: nodeName, labels: { 'kubernetes.io/hostname': nodeName, 'kubernetes.io/os': 'linux' } };
  return { apiVersion: 'v1', kind: 'Node', metadata, status: { allocatable: capacity, capacity } };
}

function nodeReady(cluster: ClusterAccess, signal: AbortSignal): Promise<true> {
  const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
  const ready = async (): Promise<true | undefined> => {
    signal.throwIfAborted();
    const { stdout } = await cluster.kubectl(['get', 'node', nodeName, '-o', path]);
    return stdout === 'True' ? true : undefined;
  };
  return until('the node to be ready', ready, 30_000);
}
