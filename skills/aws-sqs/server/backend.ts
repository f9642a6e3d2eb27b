import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { awsClientOptions, checkEndpoint } from '../../lib/server/aws-client.ts';
import { awsSettings } from '../../lib/server/aws-settings.ts';
import { MetricReader } from '../../lib/server/metric-reader.ts';

export interface SqsBackend {
  readonly sqs: SQSClient;
  readonly metrics: MetricReader;
  /** Before each call. @throws HostRefusedError */
  checkEndpoint(signal: AbortSignal): Promise<void>;
}

export function connect(connection: ServerConnection): SqsBackend {
  const settings = awsSettings(connection);
  const { dialer } = connection;
  const cloudwatch = new CloudWatchClient(awsClientOptions(settings, dialer, 'cloudwatch', 2));
  return {
    // A queue's URL names a host. It comes from a map, so it must not decide where we connect: that is the configuration's.
    sqs: new SQSClient({ ...awsClientOptions(settings, dialer, 'sqs', 2), useQueueUrlAsEndpoint: false }),
    metrics: new MetricReader(cloudwatch, settings, dialer),
    checkEndpoint: (signal) => checkEndpoint(settings, dialer, 'sqs', signal),
  };
}

export function close(backend: SqsBackend): Promise<void> {
  backend.sqs.destroy();
  backend.metrics.close();
  return Promise.resolve();
}
