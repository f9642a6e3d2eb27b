import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { systemClock } from '../../../controller/kube/clock.ts';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { AwsAccount } from '../../lib/server/aws-account.ts';
import { awsClientOptions, checkEndpoint } from '../../lib/server/aws-client.ts';
import { awsSettings } from '../../lib/server/aws-settings.ts';
import { type MetricQuery, MetricReader } from '../../lib/server/metric-reader.ts';
import type { RedisBackend } from '../../lib/server/redis/call.ts';

/** Reads may be sent twice by the SDK, writes never. */
interface Aws {
  readonly reads: ElastiCacheClient;
  readonly writes: ElastiCacheClient;
  readonly account: AwsAccount;
  readonly metrics: MetricReader;
  checkEndpoint(signal: AbortSignal): Promise<void>;
}

/** The Redis within is reached like any other; AWS only once it is asked, since a map may name the Redis alone. */
export interface ElastiCacheBackend extends RedisBackend {
  readonly metrics: Pick<MetricReader, 'read'>;
  /** @throws ToolFault `RegionMissing`, `CredentialsMissing` */
  aws(): Aws;
  close(): void;
}

export function connect(connection: ServerConnection): ElastiCacheBackend {
  let made: Aws | undefined;
  const aws = (): Aws => (made ??= connectAws(connection));
  return {
    connection,
    clock: systemClock,
    aws,
    metrics: { read: async (query: MetricQuery, signal: AbortSignal) => aws().metrics.read(query, signal) },
    close() {
      made?.reads.destroy();
      made?.writes.destroy();
      made?.account.close();
      made?.metrics.close();
    },
  };
}

/** For reads: the endpoint is one that may be spoken to. @throws HostRefusedError */
export async function readerOf(backend: ElastiCacheBackend, signal: AbortSignal): Promise<ElastiCacheClient> {
  const aws = backend.aws();
  await aws.checkEndpoint(signal);
  return aws.reads;
}

function connectAws(connection: ServerConnection): Aws {
  const settings = awsSettings(connection);
  const { dialer } = connection;
  const cloudwatch = new CloudWatchClient(awsClientOptions(settings, dialer, 'cloudwatch', 2));
  return {
    reads: new ElastiCacheClient(awsClientOptions(settings, dialer, 'elasticache', 2)),
    writes: new ElastiCacheClient(awsClientOptions(settings, dialer, 'elasticache', 1)),
    account: new AwsAccount(settings, dialer),
    metrics: new MetricReader(cloudwatch, settings, dialer),
    checkEndpoint: (signal) => checkEndpoint(settings, dialer, 'elasticache', signal),
  };
}
