import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { listenUntil } from '../parts/listen.ts';
import { passThrough } from '../insights/pass-through.ts';
import { type Input, readInput, respond, respondWithError, ServiceError } from '../insights/protocol.ts';

interface Move {
  readonly SourceArn: string;
  readonly StartedTimestamp: number;
  readonly ApproximateNumberOfMessagesToMove: number;
  ApproximateNumberOfMessagesMoved: number;
  Status: 'RUNNING' | 'COMPLETED';
}

/**
 * An endpoint in front of moto that does what moto lacks of SQS: StartMessageMoveTask and ListMessageMoveTasks, at once and in full,
 * to the one queue whose dead-letter queue the source is. Aborting stops it.
 */
export async function startMessageMoves(motoUrl: string, sqs: SQSClient, signal: AbortSignal): Promise<string> {
  const moves: Move[] = [];
  const server = createServer((request, response) => void handle(request, response, new URL(motoUrl), sqs, moves));
  return `http://127.0.0.1:${await listenUntil(server, signal)}`;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  moto: URL,
  sqs: SQSClient,
  moves: Move[],
): Promise<void> {
  try {
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target === 'AmazonSQS.StartMessageMoveTask')
      respond(response, await start(await readInput(request), sqs, moves));
    else if (target === 'AmazonSQS.ListMessageMoveTasks') respond(response, list(await readInput(request), moves));
    else await passThrough(request, response, moto);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else respondWithError(response, error);
  }
}

async function start({ SourceArn }: Input, sqs: SQSClient, moves: Move[]): Promise<object> {
  const arn = String(SourceArn);
  const url = await urlOf(arn, sqs);
  const { queueUrls = [] } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: url }));
  const [target] = queueUrls;
  if (target === undefined) throw new ServiceError('InvalidParameterValue', 'not a dead-letter queue');
  const letters = await takeAll(url, sqs);
  for (const body of letters) await sqs.send(new SendMessageCommand({ QueueUrl: target, MessageBody: body }));
  moves.unshift({
    SourceArn: arn,
    StartedTimestamp: Date.now(),
    ApproximateNumberOfMessagesToMove: letters.length,
    ApproximateNumberOfMessagesMoved: letters.length,
    Status: 'COMPLETED',
  });
  return { TaskHandle: `move-${moves.length}` };
}

function list({ SourceArn }: Input, moves: readonly Move[]): object {
  return { Results: moves.filter((move) => move.SourceArn === SourceArn).slice(0, 10) };
}

async function urlOf(arn: string, sqs: SQSClient): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: arn.split(':').at(-1) }));
  return QueueUrl;
}

async function takeAll(QueueUrl: string, sqs: SQSClient): Promise<readonly string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return bodies;
    for (const { Body = '', ReceiptHandle } of Messages) {
      bodies.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}
