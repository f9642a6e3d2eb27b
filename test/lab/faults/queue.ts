import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Lab } from '../world/lab.ts';
import type { Judgement } from './fault.ts';

/** Users' requests a second that fill a queue in a few seconds, also where a worker takes messages and hides them for half a minute each. */
export const busy = 8;

/** More than this many messages wait only where nobody consumes them. */
export const ordinaryBacklog = 40;

/** Messages that wait for the worker. */
export function waiting(lab: Lab): Promise<number> {
  return messagesIn(lab, lab.queueUrl);
}

/** Messages of a queue that nobody holds. */
export async function messagesIn({ sqs }: Lab, QueueUrl: string): Promise<number> {
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] });
  const { Attributes } = await sqs.send(asked);
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}

export async function backlogGrows(lab: Lab): Promise<boolean> {
  return (await waiting(lab)) > ordinaryBacklog;
}

export async function backlogIsSmall(lab: Lab): Promise<Judgement> {
  const messages = await waiting(lab);
  return { healed: messages <= ordinaryBacklog, seen: `${messages} messages wait` };
}
