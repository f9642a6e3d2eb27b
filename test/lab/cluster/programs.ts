import type { GoProgram } from './go-build.ts';
import { etcdVersion, goPlatform, kubernetesVersion } from './versions.ts';

export const programNames = ['etcd', 'kube-apiserver', 'kubectl'] as const;
export type ProgramName = (typeof programNames)[number];

interface Recipe {
  readonly program: GoProgram;
  /** How long its build took on two cores, after those before it in `programNames`. */
  readonly minutes: number;
}

const kubernetes = (name: 'kube-apiserver' | 'kubectl'): GoProgram => ({
  name,
  module: 'k8s.io/kubernetes',
  version: kubernetesVersion,
  main: `k8s.io/kubernetes/cmd/${name}`,
  ldflags: stamped('k8s.io/component-base/version'),
  stagingVersion: kubernetesVersion.replace(/^v1\./, 'v0.'),
});

/** How each program is built from source. The version is stamped in, as `/version` and feature defaults are read from it. */
export const programs: Readonly<Record<ProgramName, Recipe>> = {
  etcd: {
    program: {
      name: 'etcd',
      module: 'go.etcd.io/etcd/server/v3',
      version: etcdVersion,
      main: 'go.etcd.io/etcd/server/v3',
      ldflags: '-s -w',
    },
    minutes: 1.5,
  },
  'kube-apiserver': { program: kubernetes('kube-apiserver'), minutes: 6 },
  kubectl: { program: kubernetes('kubectl'), minutes: 1 },
};

/** The name of the cache's folder for a program built here. */
export function cacheName(name: ProgramName): string {
  const { os, arch } = goPlatform();
  return `${name}-${programs[name].program.version}-${os}-${arch}`;
}

function stamped(versionPackage: string): string {
  const [major, minor] = kubernetesVersion.slice(1).split('.');
  const values = { gitVersion: kubernetesVersion, gitMajor: major, gitMinor: minor };
  const flags = Object.entries(values).map(([name, value]) => `-X ${versionPackage}.${name}=${value}`);
  return ['-s', '-w', ...flags].join(' ');
}
