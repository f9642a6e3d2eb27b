import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, type QueueAttributeName, SQSClient } from '@aws-sdk/client-sqs';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { AwsAccount } from '../../lib/server/aws-account.ts';
import { awsClientOptions, checkEndpoint } from '../../lib/server/aws-client.ts';
import { awsSettings } from '../../lib/server/aws-settings.ts';
import { MetricReader } from '../../lib/server/metric-reader.ts';

/** The clients of one connection. Reads may be sent twice by the SDK, writes never. */
export interface SqsBackend {
  readonly sqs: SQSClient;
  readonly writes: SQSClient;
  readonly account: AwsAccount;
  readonly allowedAccounts: readonly string[];
  readonly metrics: MetricReader;
  /** Before each call. @throws HostRefusedError */
  checkEndpoint(signal: AbortSignal): Promise<void>;
}

export function connect(connection: ServerConnection): SqsBackend {
  const settings = awsSettings(connection);
  const { dialer } = connection;
  const cloudwatch = new CloudWatchClient(awsClientOptions(settings, dialer, 'cloudwatch', 2));
  // A queue's URL names a host. It comes from a map, so it must not decide where we connect: that is the configuration's.
  const client = (attempts: number): SQSClient =>
    new SQSClient({ ...awsClientOptions(settings, dialer, 'sqs', attempts), useQueueUrlAsEndpoint: false });
  return {
    sqs: client(2),
    writes: client(1),
    account: new AwsAccount(settings, dialer),
    allowedAccounts: settings.allowedAccounts,
    metrics: new MetricReader(cloudwatch, settings, dialer),
    checkEndpoint: (signal) => checkEndpoint(settings, dialer, 'sqs', signal),
  };
}

export function close(backend: SqsBackend): Promise<void> {
  backend.sqs.destroy();
  backend.writes.destroy();
  backend.account.close();
  backend.metrics.close();
  return Promise.resolve();
}

/** @throws what SQS throws */
export async function attributesOf(
  backend: SqsBackend,
  queueUrl: string,
  names: readonly QueueAttributeName[],
  signal: AbortSignal,
): Promise<Partial<Record<QueueAttributeName, string>>> {
  await backend.checkEndpoint(signal);
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] });
  return (await backend.sqs.send(command, { abortSignal: signal })).Attributes ?? {};
}

/**
 * What stands before every write: the account is asked from STS, and the queue, whose policy may let in strangers, is of an account on
 * the operator's list too. @throws ToolFault `AccountNotAllowed`
 */
export async function assertWritable(backend: SqsBackend, queueArn: string, signal: AbortSignal): Promise<void> {
  await backend.account.assertAllowed(signal);
  const owner = queueArn.split(':')[4] ?? '';
  if (!backend.allowedAccounts.includes(owner)) {
    throw new ToolFault(
      'AccountNotAllowed',
      `the queue is of AWS account ${owner}, which is not among the allowed ones`,
    );
  }
}
