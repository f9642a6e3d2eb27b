import type { Config, Settings } from '../config/config.ts';

/** Settings by server id, with the platform's allow-lists for those that check them. No setting can widen a list. */
export function serverSettings({ servers, allow }: Config): Readonly<Record<string, Settings>> {
  const aws = { allowedAccounts: allow.awsAccounts, allowedClusters: allow.clusters };
  const forge = { allowedRepositories: allow.repositories };
  return { ...servers, 'aws-ecs': { ...servers['aws-ecs'], ...aws }, github: { ...servers['github'], ...forge } };
}
