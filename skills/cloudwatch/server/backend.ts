import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { systemClock } from '../../../controller/kube/clock.ts';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { awsClientOptions, checkEndpoint } from '../../lib/server/aws-client.ts';
import { awsSettings } from '../../lib/server/aws-settings.ts';
import type { LogsBackend } from '../../lib/server/execute-log-insights-query.ts';
import { MetricReader } from '../../lib/server/metric-reader.ts';

export interface CloudWatchBackend extends LogsBackend {
  readonly cloudwatch: CloudWatchClient;
  readonly metrics: MetricReader;
}

export function connect(connection: ServerConnection): CloudWatchBackend {
  const settings = awsSettings(connection);
  const { dialer } = connection;
  const cloudwatch = new CloudWatchClient(awsClientOptions(settings, dialer, 'cloudwatch', 2));
  return {
    logs: new CloudWatchLogsClient(awsClientOptions(settings, dialer, 'logs', 2)),
    cloudwatch,
    metrics: new MetricReader(cloudwatch, settings, dialer),
    clock: systemClock,
    checkEndpoint: (service, signal) => checkEndpoint(settings, dialer, service, signal),
  };
}

export function close(backend: CloudWatchBackend): Promise<void> {
  backend.logs.destroy();
  backend.cloudwatch.destroy();
  return Promise.resolve();
}
