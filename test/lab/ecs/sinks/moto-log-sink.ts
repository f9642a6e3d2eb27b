import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
  type CloudWatchLogsClientConfig,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogLine } from '../runtime/log-line.ts';
import { startBatcher } from './batcher.ts';

/** PutLogEvents takes at most 10,000 events and 1 MiB, each event 26 bytes more than its text. */
const maxEvents = 5000;
const maxBytes = 1_000_000;
const eventOverhead = 26;

export interface MotoSinkOptions {
  /** What moto's `clientConfig` is: endpoint, region and credentials. */
  readonly clientConfig: Pick<CloudWatchLogsClientConfig, 'endpoint' | 'region' | 'credentials'>;
  readonly everyMs?: number;
  /** Told when lines or points were lost; they are not sent again. */
  readonly onError?: (error: unknown) => void;
}

export interface MotoLogSink {
  /** For the `logSink` of `startEcs`. */
  readonly write: (line: LogLine) => void;
  /** Resolves when all that was written before is in CloudWatch Logs. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Sends lines to CloudWatch Logs every second; makes each group and each stream once. */
export function motoLogSink({ clientConfig, everyMs = 1000, onError = ignore }: MotoSinkOptions): MotoLogSink {
  const client = new CloudWatchLogsClient(clientConfig);
  const made = new Set<string>();
  const send = async (lines: readonly LogLine[]): Promise<void> => {
    for (const own of Map.groupBy(lines, ({ group, stream }) => JSON.stringify([group, stream])).values()) {
      await sendStream(client, made, own);
    }
  };
  const batcher = startBatcher<LogLine>({ everyMs, send, onError });
  const close = async (): Promise<void> => {
    await batcher.close();
    client.destroy();
  };
  return { write: (line) => batcher.add([line]), flush: () => batcher.flush(), close };
}

async function sendStream(client: CloudWatchLogsClient, made: Set<string>, lines: readonly LogLine[]): Promise<void> {
  const [first] = lines;
  if (first === undefined) return;
  const { group: logGroupName, stream: logStreamName } = first;
  await once(made, logGroupName, () => client.send(new CreateLogGroupCommand({ logGroupName })));
  await once(made, JSON.stringify([logGroupName, logStreamName]), () =>
    client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })),
  );
  for (const part of parts(lines)) {
    const logEvents = part.map(({ timestamp, message }) => ({ timestamp, message: message === '' ? ' ' : message }));
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  }
}

async function once(made: Set<string>, key: string, make: () => Promise<unknown>): Promise<void> {
  if (made.has(key)) return;
  try {
    await make();
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
  made.add(key);
}

function parts(lines: readonly LogLine[]): LogLine[][] {
  const all: LogLine[][] = [];
  let bytes = Infinity;
  for (const line of lines) {
    const size = Buffer.byteLength(line.message) + eventOverhead;
    const last = all.at(-1);
    if (last === undefined || bytes + size > maxBytes || last.length >= maxEvents) {
      all.push([line]);
      bytes = size;
    } else {
      last.push(line);
      bytes += size;
    }
  }
  return all;
}

const ignore = (): void => undefined;
