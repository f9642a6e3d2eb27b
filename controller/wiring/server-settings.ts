import type { Config, Settings } from '../config/config.ts';

/** Servers that write to AWS; they compare accounts and clusters themselves, at the system. */
const writing = ['aws-ecs'];

/** Settings by server id, with the platform's allow-lists for those that check them. No setting can widen a list. */
export function serverSettings({ servers, allow }: Config): Readonly<Record<string, Settings>> {
  const allowed = { allowedAccounts: allow.awsAccounts, allowedClusters: allow.clusters };
  const listed = writing.map((id) => [id, { ...servers[id], ...allowed }] as const);
  return { ...servers, ...Object.fromEntries(listed) };
}
