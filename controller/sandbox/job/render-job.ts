import type { JobSandbox } from '../../config/config.ts';
import type { Draft } from '../../kube/object.ts';
import { besideTheProxy, proxyVariables } from '../declared-hosts.ts';
import { checkEnv } from '../run-checks.ts';
import type { Job, Secret } from './kinds.ts';
import { archiveFolder, checkCommand, prepareCommand, workspace } from './scripts.ts';

/** For its proof that the network is closed, and for unpacking. */
export const prepareSeconds = 120;
const leewaySeconds = 30;
/** A Secret holds 1 MiB at most, its name and its labels counted. */
export const partBytes = 900 * 1024;

export const operatorLabel = 'threehops.dev/operator';
const sessionAnnotation = 'threehops.dev/session';

export interface JobPlan {
  readonly name: string;
  /** Which operator's it is: others leave it alone. */
  readonly operator: string;
  readonly session?: string | undefined;
  readonly checks: readonly (readonly string[])[];
  /** Of the archive, each in a Secret. */
  readonly parts: number;
  /** The checks reach hosts by the proxy that is named in a Secret of the run's own. */
  readonly proxied?: boolean;
}

export const checkName = (index: number): string => `check-${index + 1}`;
export const prepareName = 'prepare';
const partName = (job: string, part: number): string => `${job}-${String(part).padStart(4, '0')}`;
const proxyName = (job: string): string => `${job}-proxy`;

/**
 * A Job that unpacks the tree and runs the checks on it, one container after the other, so that the kubelet itself says how each ended.
 * It is Kubernetes' `restricted` profile and more: no token, no capability, no writable root, no name server, nothing that outlives it.
 */
export function renderJob(settings: JobSandbox, plan: JobPlan): Draft<Job> {
  const { checks } = plan;
  const containers = checks.map((check, index) =>
    containerOf(settings, checkName(index), checkCommand(check, settings.processes), { env: proxyOf(plan) }),
  );
  const prepare = containerOf(settings, prepareName, prepareCommand, {
    mounts: [{ name: 'tree', mountPath: archiveFolder, readOnly: true }],
  });
  return {
    metadata: { name: plan.name, namespace: settings.namespace, ...markOf(plan) },
    spec: {
      completions: 1,
      parallelism: 1,
      backoffLimit: 0,
      activeDeadlineSeconds:
        settings.startSeconds + prepareSeconds + checks.length * settings.checkSeconds + leewaySeconds,
      ttlSecondsAfterFinished: 300,
      template: {
        metadata: markOf(plan),
        spec: {
          ...podOf(settings),
          volumes: volumesOf(settings, plan),
          initContainers: [prepare, ...containers.slice(0, -1)],
          containers: containers.slice(-1),
        },
      },
    },
  };
}

/** A part of the archive. */
export function renderPart(plan: JobPlan, job: Job, part: number, data: Buffer): Draft<Secret> {
  return renderSecret(plan, job, partName(plan.name, part), { part: data.toString('base64') });
}

/** Where the run's proxy is, with what admits the run: whoever sees the Job and its Pod is not to see that. */
export function renderProxy(plan: JobPlan, job: Job, url: string): Draft<Secret> {
  return renderSecret(plan, job, proxyName(plan.name), { url: Buffer.from(url).toString('base64') });
}

/** It goes with its Job, whoever deletes that. */
function renderSecret(plan: JobPlan, job: Job, secret: string, data: Secret['data']): Draft<Secret> {
  const { name = plan.name, namespace = '', uid = '' } = job.metadata ?? {};
  return {
    metadata: {
      name: secret,
      namespace,
      ...markOf(plan),
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name, uid }],
    },
    immutable: true,
    type: 'Opaque',
    data,
  };
}

function markOf({ operator, session }: JobPlan): object {
  const labels = {
    'app.kubernetes.io/name': 'threehops-sandbox',
    'app.kubernetes.io/managed-by': 'threehops',
    [operatorLabel]: operator,
  };
  return session === undefined ? { labels } : { labels, annotations: { [sessionAnnotation]: session } };
}

/** Who owns nothing on any node. It is no other image's usual user: limits of processes are counted by user on some nodes. */
const uid = 64_207;

function podOf({ runtimeClassName, userNamespace }: JobSandbox): object {
  return {
    serviceAccountName: 'threehops-sandbox',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 1,
    // A name that is asked for fails at once, and tells nobody anything.
    dnsPolicy: 'None',
    dnsConfig: { nameservers: ['127.0.0.1'] },
    ...(runtimeClassName === '' ? {} : { runtimeClassName }),
    ...(userNamespace ? { hostUsers: false } : {}),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: uid,
      runAsGroup: uid,
      fsGroup: uid,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

function containerOf(
  { image, memoryMiB, cpuMilli, ephemeralMiB }: JobSandbox,
  name: string,
  command: readonly string[],
  { mounts = [], env = [] }: { readonly mounts?: readonly object[]; readonly env?: readonly object[] },
): object {
  const bounds = { cpu: `${cpuMilli}m`, memory: `${memoryMiB}Mi`, 'ephemeral-storage': `${ephemeralMiB}Mi` };
  return {
    name,
    image,
    command,
    workingDir: workspace,
    env: [...variables({ LANG: 'C.UTF-8', ...checkEnv, HOME: '/tmp', TMPDIR: '/tmp' }), ...env],
    resources: { requests: bounds, limits: bounds },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [{ name: 'work', mountPath: workspace }, { name: 'tmp', mountPath: '/tmp' }, ...mounts],
  };
}

function variables(values: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** For the checks alone: what proves that the network is closed needs no way out. */
function proxyOf({ name, proxied = false }: JobPlan): readonly object[] {
  if (!proxied) return [];
  const valueFrom = { secretKeyRef: { name: proxyName(name), key: 'url' } };
  return [...proxyVariables.map((variable) => ({ name: variable, valueFrom })), ...variables(besideTheProxy)];
}

function volumesOf({ ephemeralMiB }: JobSandbox, { name, parts }: JobPlan): readonly object[] {
  const emptyDir = { sizeLimit: `${ephemeralMiB}Mi` };
  const sources = Array.from({ length: parts }, (_, part) => ({
    secret: { name: partName(name, part), items: [{ key: 'part', path: String(part).padStart(4, '0') }] },
  }));
  return [
    { name: 'work', emptyDir },
    { name: 'tmp', emptyDir },
    { name: 'tree', projected: { defaultMode: 0o444, sources } },
  ];
}
