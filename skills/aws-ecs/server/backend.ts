import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { nameMatches } from '../../../controller/config/glob.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { Dialer } from '../../../controller/mcp/dialer.ts';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { shortName } from '../../lib/ecs/names.ts';
import { AwsAccount } from '../../lib/server/aws-account.ts';
import { awsClientOptions, checkEndpoint } from '../../lib/server/aws-client.ts';
import { type AwsSettings, awsSettings } from '../../lib/server/aws-settings.ts';
import { MetricReader } from '../../lib/server/metric-reader.ts';

/** The clients of one connection. Reads may be sent twice by the SDK, writes never. */
export interface EcsBackend {
  readonly settings: AwsSettings;
  readonly dialer: Dialer;
  readonly reads: ECSClient;
  readonly writes: ECSClient;
  readonly account: AwsAccount;
  readonly metrics: MetricReader;
}

export function connect(connection: ServerConnection): EcsBackend {
  const settings = awsSettings(connection);
  const { dialer } = connection;
  return {
    settings,
    dialer,
    reads: new ECSClient(awsClientOptions(settings, dialer, 'ecs', 2)),
    writes: new ECSClient(awsClientOptions(settings, dialer, 'ecs', 1)),
    account: new AwsAccount(settings, dialer),
    metrics: new MetricReader(
      new CloudWatchClient(awsClientOptions(settings, dialer, 'cloudwatch', 2)),
      settings,
      dialer,
    ),
  };
}

export function close(backend: EcsBackend): Promise<void> {
  backend.reads.destroy();
  backend.writes.destroy();
  backend.account.close();
  backend.metrics.close();
  return Promise.resolve();
}

export function readyToCall(backend: EcsBackend, signal: AbortSignal): Promise<void> {
  return checkEndpoint(backend.settings, backend.dialer, 'ecs', signal);
}

/**
 * What stands before every write: the cluster is on the operator's list, and the account is asked from STS.
 * @throws ToolFault `ClusterNotAllowed` or `AccountNotAllowed`
 */
export async function assertWritable(backend: EcsBackend, cluster: string, signal: AbortSignal): Promise<void> {
  if (!backend.settings.allowedClusters.some((entry) => matches(entry, cluster))) {
    throw new ToolFault('ClusterNotAllowed', `cluster ${shortName(cluster)} is not among the allowed ones`);
  }
  await backend.account.assertAllowed(signal);
  await readyToCall(backend, signal);
}

/** An entry is a name or an ARN, with `*` for any characters; a name takes in that cluster of any account and region. */
function matches(entry: string, cluster: string): boolean {
  return nameMatches(entry, entry.startsWith('arn:') ? cluster : shortName(cluster));
}
