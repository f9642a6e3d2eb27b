import { digestOf } from '../../evidence/canonical.ts';
import type { Diagnosis } from '../reasoner.ts';
import { ReasonerGaveUp } from '../reasoner-errors.ts';
import { ask } from './ask.ts';
import { diagnoseName } from './diagnose-tool.ts';
import type { Inquiry } from './inquiry.ts';
import type { ModelAnswer, ModelRequest, Turn } from './model-client.ts';
import { RequestTooLong } from './model-errors.ts';
import { briefingFor, type Briefing } from './prompt/briefing.ts';
import { readAnswer } from './read-answer.ts';
import { type Allowance, note, type Reply, replyTo } from './reply.ts';
import { cachedUpTo, continued } from './turns.ts';

/** Answers that are not accepted until the next engine is asked. */
const tries = 3;

interface Draft {
  readonly briefing: Briefing;
  readonly messages: readonly Turn[];
}

interface Talk extends Draft {
  readonly request: ModelRequest;
  readonly answer: ModelAnswer;
}

/** Asks, looks, and asks again until a diagnosis holds. @throws ReasonerGaveUp; the signal's reason. */
export async function converse(inquiry: Inquiry, signal: AbortSignal): Promise<Diagnosis> {
  const { settings } = inquiry;
  const bad: (readonly string[])[] = [];
  let calls = settings.maxCalls;
  let talk = await opened(inquiry, signal);
  for (let turn = 2; ; turn++) {
    const final = talk.request.tool_choice.type === 'tool';
    const reply = await repliedTo(talk, { calls, final }, inquiry, signal);
    if (reply.objections?.length === 0) return accepted(talk.answer, inquiry);
    if (reply.objections !== undefined) bad.push(reply.objections);
    if (bad.length >= tries) throw new ReasonerGaveUp([...new Set(bad.flat())]);
    calls -= reply.calls;
    const messages = continued(talk.messages, talk.answer, reply.content);
    const mayLook = turn < settings.maxTurns && calls > 0;
    talk = await said({ briefing: talk.briefing, messages }, mayLook, inquiry, signal);
  }
}

/**
 * The first request; where it is too long, once more with as much less evidence. How much that is, is kept: the same request is made
 * again after a crash, whatever is left of the budget then.
 */
async function opened(inquiry: Inquiry, signal: AbortSignal): Promise<Talk> {
  const { ledger } = inquiry.desk;
  const whole = briefingFor(inquiry);
  const mayLook = inquiry.settings.maxTurns > 1;
  const key = `evidence/${digestOf(requestOf(begun(whole), mayLook, inquiry))}`;
  let tokens = (await ledger.recall(key, signal)) as number | undefined;
  if (tokens === undefined) {
    try {
      return await said(begun(whole), mayLook, inquiry, signal);
    } catch (error) {
      if (!(error instanceof RequestTooLong) || error.most <= 0) throw error;
      tokens = lessEvidence(whole, error);
      await ledger.keep(key, tokens, signal);
    }
  }
  return said(begun(briefingFor(inquiry, tokens)), mayLook, inquiry, signal);
}

function begun(briefing: Briefing): Draft {
  return { briefing, messages: [{ role: 'user', content: [...briefing.content] }] };
}

/** Our own estimate of the evidence, less what is too much by the service's count. */
function lessEvidence({ evidenceTokens, tokens }: Briefing, { length, most }: RequestTooLong): number {
  const fitting = 0.9 * tokens * (most / length);
  return Math.max(0, Math.floor(evidenceTokens - (tokens - fitting)));
}

async function said(draft: Draft, mayLook: boolean, inquiry: Inquiry, signal: AbortSignal): Promise<Talk> {
  const request = requestOf(draft, mayLook, inquiry);
  return { ...draft, request, answer: await ask(request, inquiry, signal) };
}

function requestOf(
  { briefing: { system, tools }, messages }: Draft,
  mayLook: boolean,
  { settings: { model, maxTokens: max_tokens } }: Inquiry,
): ModelRequest {
  const tool_choice = mayLook ? ({ type: 'auto' } as const) : ({ type: 'tool', name: diagnoseName } as const);
  return { model, max_tokens, system: [...system], tools: [...tools], tool_choice, messages: cachedUpTo(messages) };
}

/** Kept with what the tools said then: the conversation goes on from the same words after a crash. */
async function repliedTo(
  { request, answer }: Pick<Talk, 'request' | 'answer'>,
  allowance: Allowance,
  inquiry: Inquiry,
  signal: AbortSignal,
): Promise<Reply> {
  const { ledger } = inquiry.desk;
  const key = `reply/${digestOf(request)}`;
  const known = (await ledger.recall(key, signal)) as Reply | undefined;
  if (known !== undefined) return known;
  const reply = await replyByReason(answer, allowance, inquiry, signal);
  signal.throwIfAborted();
  await ledger.keep(key, reply, signal);
  return reply;
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
