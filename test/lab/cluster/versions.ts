/** The versions of the local control plane. One constant a part: the cache, the download and the build are all keyed by these. */
export const kubernetesVersion = 'v1.36.3';
export const etcdVersion = 'v3.6.8';
export const kwokVersion = 'v0.8.0';

/** envtest publishes some patches of a minor only, so its download is asked for the newest of this series. */
export const kubernetesSeries = '1.36';

/** How the Go tool chain names this machine. */
export function goPlatform(): { os: string; arch: string } {
  const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', ppc64: 'ppc64le' };
  return { os: process.platform, arch: architectures[process.arch] ?? process.arch };
}
