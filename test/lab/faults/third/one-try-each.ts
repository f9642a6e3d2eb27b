import { setTimeout as delay } from 'node:timers/promises';
import { GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { editedFiles } from '../edit.ts';
import type { Fault, Judgement, Preparation } from '../fault.ts';
import { allHold, trafficIsServed, usersAreServed } from '../judge.ts';
import { backlogIsSmall, messagesIn } from '../queue.ts';
import type { Lab } from '../../world/lab.ts';
import type { WorldNames } from '../../world/names.ts';

/** Every so many payments one is looked into. */
const lookedInto = 8;
/** More than there may be of any other reason. */
const fewLetters = 8;

/**
 * Lest a message that nobody can settle keep the worker busy, somebody has the queue put aside what was handed out once. Each eighth
 * payment takes the worker two tries, and always has: the bank looks into it in between. Nothing fails, the queue is empty, users are
 * served and no service has changed; one payment in eight is among the dead letters, and its merchant waits for it. How often a message
 * is handed out, and what becomes of those that were put aside, is for whoever owns the queue.
 */
export const fault: Fault = {
  name: 'one-try-each',
  description:
    'The queue puts messages aside after one receipt instead of two: each eighth payment, which takes two, is not settled',
  session: {
    service: 'payments',
    symptom: 'Merchants miss about one payment in eight, while customers have paid and see no error',
  },
  expected: {
    outcome: 'Escalated',
    causes: (names) => [{ node: `${names.payments}/${names.queue}` }],
    fixes: [],
    iterations: 2,
  },
  prepare: settlingInTwoTries,
  async inject(lab) {
    await lab.until('some healthy traffic', () => trafficIsServed(lab), 60_000);
    await lab.until('two tries to be enough', async () => (await newLetters(lab, 12)) === 0, 60_000);
    await allowOneReceipt(lab);
    const before = await deadLetters(lab);
    await lab.until('payments to be put aside', async () => (await deadLetters(lab)) - before > fewLetters, 90_000);
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
      () => noneIsPutAside(lab),
    ),
};

/** Changes the one number of the queue's policy, and not where it puts messages. */
async function allowOneReceipt({ sqs, queueUrl: QueueUrl }: Lab): Promise<void> {
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] });
  const { Attributes } = await sqs.send(asked);
  // As SQS documents it.
  const policy = JSON.parse(Attributes?.RedrivePolicy ?? '{}') as { readonly deadLetterTargetArn?: string };
  if (policy.deadLetterTargetArn === undefined) throw new Error('the queue puts nothing aside');
  const RedrivePolicy = JSON.stringify({ ...policy, maxReceiveCount: 1 });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }));
}

async function deadLetters(lab: Lab): Promise<number> {
  if (lab.deadLettersUrl === undefined) throw new Error('the lab has no queue for dead letters');
  return messagesIn(lab, lab.deadLettersUrl);
}

/** Messages that come to the dead letters within so many seconds. */
async function newLetters(lab: Lab, seconds: number): Promise<number> {
  const before = await deadLetters(lab);
  await delay(seconds * 1000, undefined, { signal: lab.signal });
  return (await deadLetters(lab)) - before;
}

/** Longer than a message is hidden after its first receipt. */
async function noneIsPutAside(lab: Lab, seconds = 10): Promise<Judgement> {
  const more = await newLetters(lab, seconds);
  return { healed: more === 0, seen: `${more} messages were put aside within ${seconds} s` };
}

/** A worker whose bank looks into some payments, which it leaves where they are until it gets them the next time. */
function settlingInTwoTries(names: WorldNames): Preparation {
  const path = `src/${names.mainFile}`;
  const cleared = `/** The bank looks into every so many payments. Asked for the first time it begins to, the next time it has. */
const every = ${lookedInto};
const begun = new Set();

function isCleared({ Body }) {
  const { id } = JSON.parse(Body);
  if (Number(id) % every !== 0 || begun.delete(id)) return true;
  begun.add(id);
  log('info', \`the bank looks into payment \${id}: it is left for the next try\`);
  return false;
}

`;
  const edits = [
    {
      path,
      from: 'await settle(await queue.receive());',
      to: 'await settle((await queue.receive()).filter(isCleared));',
    },
    { path, from: 'async function settle(', to: `${cleared}async function settle(` },
  ];
  return {
    needs: ['dead-letters'],
    files: (role) => (role === 'settlement' ? editedFiles(role, names, edits) : {}),
  };
}
