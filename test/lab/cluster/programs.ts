import type { GoFamily, GoModule, GoProgram } from './go-build.ts';
import { etcdVersion, goPlatform, kubernetesVersion, kwokVersion } from './versions.ts';

/** Of the control plane itself. */
export const programNames = ['etcd', 'kube-apiserver', 'kubectl'] as const;
/** Of what makes workloads run on it: see workloads.ts. */
export const workloadProgramNames = ['kube-controller-manager', 'kube-scheduler', 'kwok'] as const;
export type ProgramName = (typeof programNames)[number];
export type WorkloadProgramName = (typeof workloadProgramNames)[number];

interface Recipe {
  readonly program: GoProgram;
  readonly version: string;
  /** How long its build took on two cores, after those before it in the lists above. */
  readonly minutes: number;
}

const modules: readonly GoModule[] = [
  {
    path: 'k8s.io/kubernetes',
    version: kubernetesVersion,
    stagingVersion: kubernetesVersion.replace(/^v1\./, 'v0.'),
  },
  { path: 'go.etcd.io/etcd/server/v3', version: etcdVersion },
  { path: 'sigs.k8s.io/kwok', version: kwokVersion },
];

const kubernetes = (name: Exclude<ProgramName | WorkloadProgramName, 'etcd' | 'kwok'>): Omit<Recipe, 'minutes'> => ({
  version: kubernetesVersion,
  program: {
    name,
    main: `k8s.io/kubernetes/cmd/${name}`,
    ldflags: stamped('k8s.io/component-base/version'),
  },
});

/** How each program is built from source. The version is stamped in, as `/version` and feature defaults are read from it. */
export const programs: Readonly<Record<ProgramName | WorkloadProgramName, Recipe>> = {
  etcd: {
    version: etcdVersion,
    program: { name: 'etcd', main: 'go.etcd.io/etcd/server/v3', ldflags: '-s -w' },
    minutes: 1.5,
  },
  'kube-apiserver': { ...kubernetes('kube-apiserver'), minutes: 6 },
  kubectl: { ...kubernetes('kubectl'), minutes: 1 },
  'kube-controller-manager': { ...kubernetes('kube-controller-manager'), minutes: 3 },
  'kube-scheduler': { ...kubernetes('kube-scheduler'), minutes: 0.5 },
  kwok: {
    version: kwokVersion,
    program: { name: 'kwok', main: 'sigs.k8s.io/kwok/cmd/kwok', ldflags: '-s -w' },
    minutes: 1,
  },
};

/** What they are built from, together. */
export const family: GoFamily = { modules, mains: Object.values(programs).map(({ program }) => program.main) };

/** More than it takes on any machine, and the first time, to have them all. */
export const firstTimeMs = 2 * 60_000 * Object.values(programs).reduce((sum, { minutes }) => sum + minutes, 0);

/** The name of the cache's folder for a program built here. */
export function cacheName(name: ProgramName | WorkloadProgramName): string {
  const { os, arch } = goPlatform();
  return `${name}-${programs[name].version}-${os}-${arch}`;
}

function stamped(versionPackage: string): string {
  const [major, minor] = kubernetesVersion.slice(1).split('.');
  const values = { gitVersion: kubernetesVersion, gitMajor: major, gitMinor: minor };
  const flags = Object.entries(values).map(([name, value]) => `-X ${versionPackage}.${name}=${value}`);
  return ['-s', '-w', ...flags].join(' ');
}
