import type { JsonObject } from '../../controller/api/json.ts';
import { numberOf, objectOf, textOf, textsOf, timeOf } from '../lib/reading.ts';
import type { Tools } from '../skill.ts';
import { queueName } from './parameters.ts';

export const listTool = 'list_queues';
export const attributesTool = 'get_queue_attributes';

/** What is read of a queue at one moment. Counts are approximate, as SQS says of its own. */
export interface QueueReading {
  /** Messages that wait. */
  readonly visible: number;
  /** Received and neither deleted nor given back. */
  readonly inFlight: number;
  readonly delayed: number;
  readonly visibilityTimeoutSeconds: number;
  /** For so long each message is kept from everybody after it was sent. */
  readonly delaySeconds: number;
  /** When it was made, and when its attributes were last set; where the server tells. */
  readonly createdAt?: Date | undefined;
  readonly modifiedAt?: Date | undefined;
  /** ARN of the dead-letter queue and after how many receipts a message goes there. */
  readonly redrive?: { readonly target: string; readonly maxReceiveCount: number };
}

/** SQS answered an error; the contract has it as an ordinary answer. */
export class QueueAnswerError extends Error {
  readonly code: string;

  constructor(code: string, words: string) {
    super(words);
    this.name = 'QueueAnswerError';
    this.code = code;
  }
}

export class QueueMissingError extends Error {
  constructor(queue: string) {
    super(`there is no queue ${queue}`);
    this.name = 'QueueMissingError';
  }
}

/** One connection's view of queues; the region is sent for servers that are not bound to one. */
export class Queues {
  readonly #tools: Tools;
  readonly #region: JsonObject;
  readonly #signal: AbortSignal;

  constructor(tools: Tools, region: string | undefined, signal: AbortSignal) {
    this.#tools = tools;
    this.#region = region === undefined ? {} : { region };
    this.#signal = signal;
  }

  /** The URL of a queue given by URL, name or ARN. @throws QueueMissingError, QueueAnswerError, ToolError */
  async url(queue: string): Promise<string> {
    if (/^https?:\/\//.test(queue)) return queue;
    const name = queueName(queue);
    const answer = await this.#call(listTool, { QueueNamePrefix: name });
    const found = textsOf(answer['QueueUrls']).find((url) => queueName(url) === name);
    if (found === undefined) throw new QueueMissingError(name);
    return found;
  }

  /** @throws QueueAnswerError, ToolError */
  async read(url: string): Promise<QueueReading> {
    const answer = await this.#call(attributesTool, { QueueUrl: url, AttributeNames: ['All'] });
    const attributes = objectOf(answer['Attributes']);
    const redrive = redriveOf(textOf(attributes['RedrivePolicy']));
    return {
      visible: numberOf(attributes['ApproximateNumberOfMessages']) ?? 0,
      inFlight: numberOf(attributes['ApproximateNumberOfMessagesNotVisible']) ?? 0,
      delayed: numberOf(attributes['ApproximateNumberOfMessagesDelayed']) ?? 0,
      visibilityTimeoutSeconds: numberOf(attributes['VisibilityTimeout']) ?? 30,
      delaySeconds: numberOf(attributes['DelaySeconds']) ?? 0,
      createdAt: timeOf(numberOf(attributes['CreatedTimestamp'])),
      modifiedAt: timeOf(numberOf(attributes['LastModifiedTimestamp'])),
      ...(redrive === undefined ? {} : { redrive }),
    };
  }

  async #call(tool: string, args: JsonObject): Promise<JsonObject> {
    const answer = objectOf(await this.#tools.call(tool, { ...args, ...this.#region }, this.#signal));
    const words = textOf(answer['error']);
    if (words !== undefined) throw new QueueAnswerError(textOf(answer['code']) ?? 'Error', words);
    return answer;
  }
}

/** A policy is JSON within JSON; one that is broken counts as none. */
function redriveOf(policy: string | undefined): QueueReading['redrive'] {
  if (policy === undefined) return undefined;
  try {
    const read = objectOf(JSON.parse(policy) as JsonObject);
    const target = textOf(read['deadLetterTargetArn']);
    return target === undefined ? undefined : { target, maxReceiveCount: numberOf(read['maxReceiveCount']) ?? 0 };
  } catch {
    return undefined;
  }
}
