import type { Config, Settings } from './config.ts';

/** Settings by server id, with the platform's allow-lists for those that check them. No setting can widen a list. */
export function serverSettings({ servers, allow }: Config): Readonly<Record<string, Settings>> {
  const aws = { allowedAccounts: allow.awsAccounts, allowedClusters: allow.clusters };
  const forge = { allowedRepositories: allow.repositories, allowedWorkflows: allow.workflows };
  const limits = {
    'aws-ecs': aws,
    'aws-lambda': aws,
    'aws-sqs': aws,
    'aws-elasticache': aws,
    cloudwatch: aws,
    github: forge,
  };
  const limited = Object.entries(limits).map(([id, limit]) => [id, { ...servers[id], ...limit }]);
  return { ...servers, ...(Object.fromEntries(limited) as Record<string, Settings>) };
}
