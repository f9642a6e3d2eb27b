import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { systemClock } from '../../../controller/kube/clock.ts';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { AwsAccount } from '../../lib/server/aws-account.ts';
import { awsClientOptions, checkEndpoint } from '../../lib/server/aws-client.ts';
import { awsSettings } from '../../lib/server/aws-settings.ts';
import type { LogsBackend } from '../../lib/server/execute-log-insights-query.ts';
import { MetricReader } from '../../lib/server/metric-reader.ts';

/** The clients of one connection. Reads may be sent twice by the SDK, writes never. */
export interface LambdaBackend extends LogsBackend {
  readonly reads: LambdaClient;
  readonly writes: LambdaClient;
  readonly account: AwsAccount;
  readonly metrics: MetricReader;
}

export function connect(connection: ServerConnection): LambdaBackend {
  const settings = awsSettings(connection);
  const { dialer } = connection;
  const cloudwatch = new CloudWatchClient(awsClientOptions(settings, dialer, 'cloudwatch', 2));
  return {
    reads: new LambdaClient(awsClientOptions(settings, dialer, 'lambda', 2)),
    writes: new LambdaClient(awsClientOptions(settings, dialer, 'lambda', 1)),
    account: new AwsAccount(settings, dialer),
    metrics: new MetricReader(cloudwatch, settings, dialer),
    logs: new CloudWatchLogsClient(awsClientOptions(settings, dialer, 'logs', 2)),
    clock: systemClock,
    checkEndpoint: (service, signal) => checkEndpoint(settings, dialer, service, signal),
  };
}

export function close(backend: LambdaBackend): Promise<void> {
  backend.reads.destroy();
  backend.writes.destroy();
  backend.account.close();
  backend.metrics.close();
  backend.logs.destroy();
  return Promise.resolve();
}

/** What stands before every write: the account is asked from STS. @throws ToolFault `AccountNotAllowed` */
export async function assertWritable(backend: LambdaBackend, signal: AbortSignal): Promise<void> {
  await backend.account.assertAllowed(signal);
  await backend.checkEndpoint('lambda', signal);
}
