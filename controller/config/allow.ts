import type { Allow } from './config.ts';
import { nameMatches, repositoryMatches } from './glob.ts';

/** All branches that the operator ever pushes to begin with this; no configuration changes it. */
export const branchPrefix = 'threehops/';

/** Whether the operator may push to a branch: one level under the prefix, in git's plain characters. */
export function allowsBranch(branch: string): boolean {
  const name = branch.slice(branchPrefix.length);
  const plain = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(name);
  return branch.startsWith(branchPrefix) && plain && !name.includes('..') && !/(\.lock|\.)$/.test(name);
}

export function allowsAccount(allow: Allow, account: string): boolean {
  return allow.awsAccounts.includes(account);
}

/** Whether an ECS cluster, given by name or ARN, is on the list. A name on the list takes in that cluster of any account and region. */
export function allowsCluster(allow: Allow, cluster: string): boolean {
  const name = cluster.slice(cluster.lastIndexOf('/') + 1);
  return allow.clusters.some((entry) => nameMatches(entry, entry.startsWith('arn:') ? cluster : name));
}

/** @param repository `owner/name` */
export function allowsRepository(allow: Allow, repository: string): boolean {
  return allow.repositories.some((glob) => repositoryMatches(glob, repository));
}

export function allowsNamespace(allow: Allow, namespace: string): boolean {
  return allow.namespaces.some((glob) => nameMatches(glob, namespace));
}

/** False when nothing is listed at all: sessions then diagnose and propose only. */
export function allowsActing(allow: Allow): boolean {
  return Object.values(allow).some((list: readonly string[]) => list.length > 0);
}
