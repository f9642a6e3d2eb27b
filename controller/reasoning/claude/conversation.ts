import { digestOf } from '../../evidence/canonical.ts';
import type { Diagnosis } from '../reasoner.ts';
import { ReasonerGaveUp } from '../reasoner-errors.ts';
import { diagnoseName } from './diagnose-tool.ts';
import type { Inquiry } from './inquiry.ts';
import type { ModelAnswer } from './model-client.ts';
import { readAnswer } from './read-answer.ts';
import { standing } from './standing.ts';
import { type Allowance, note, type Reply, replyTo } from './reply.ts';
import { opened, type Talk, wentOn } from './talk.ts';

/** Answers that are not accepted until the next engine is asked. */
const tries = 3;

/** Asks, looks, and asks again until a diagnosis holds. @throws ReasonerGaveUp; the signal's reason. */
export async function converse(inquiry: Inquiry, signal: AbortSignal): Promise<Diagnosis> {
  const { settings } = inquiry;
  const bad: (readonly string[])[] = [];
  let calls = settings.maxCalls;
  let talk = await opened(inquiry, signal);
  for (let turn = 2; ; turn++) {
    const reply = await repliedTo(talk, { calls, final: talk.final }, inquiry, signal);
    if (reply.objections?.length === 0) return accepted(talk.answer, inquiry);
    if (reply.objections !== undefined) bad.push(reply.objections);
    if (bad.length >= tries) throw new ReasonerGaveUp([...new Set(bad.flat())]);
    calls -= reply.calls;
    talk = await wentOn(talk, reply, turn >= settings.maxTurns || calls <= 0, inquiry, signal);
  }
}

/** Kept with what the tools said then: the conversation goes on from the same words after a crash. */
async function repliedTo(
  { request, answer }: Pick<Talk, 'request' | 'answer'>,
  allowance: Allowance,
  inquiry: Inquiry,
  signal: AbortSignal,
): Promise<Reply> {
  const { ledger } = inquiry.desk;
  const key = `reply/${digestOf({ request, answer: answer.content })}`;
  const known = (await ledger.recall(key, signal)) as Reply | undefined;
  if (known !== undefined) return known;
  const reply = await replyByReason(answer, allowance, inquiry, signal);
  signal.throwIfAborted();
  return standing(ledger, key, reply, signal);
}

async function replyByReason(
  answer: ModelAnswer,
  allowance: Allowance,
  inquiry: Inquiry,
  signal: AbortSignal,
): Promise<Reply> {
  switch (answer.stop_reason) {
    case 'tool_use':
    case 'end_turn':
      return replyTo(answer, allowance, inquiry, signal);
    case 'max_tokens':
      return rejected(`it was cut off at ${inquiry.settings.maxTokens} tokens and is to be shorter`);
    case 'refusal':
      throw new ReasonerGaveUp(['the model declined to answer']);
    case 'model_context_window_exceeded':
      throw new ReasonerGaveUp(["the model's context window is full"]);
    default:
      // A pause is for tools that run at the service itself, a sequence for those who name one: neither is asked for here.
      return rejected(`it stopped early (${answer.stop_reason ?? 'for no reason'})`);
  }
}

function rejected(why: string): Reply {
  return { content: [note(why)], calls: 0, objections: [`the answer was not whole: ${why}`] };
}

function accepted({ content }: ModelAnswer, inquiry: Inquiry): Diagnosis {
  const use = content.find((block) => block.type === 'tool_use' && block.name === diagnoseName);
  const { diagnosis } = readAnswer(use?.type === 'tool_use' ? use.input : undefined, inquiry);
  if (diagnosis === undefined) throw new Error('an answer that was accepted is no diagnosis');
  return diagnosis;
}
