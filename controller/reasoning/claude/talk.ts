import { digestOf } from '../../evidence/canonical.ts';
import { ask } from './ask.ts';
import { diagnoseName } from './diagnose-tool.ts';
import type { Inquiry } from './inquiry.ts';
import type { ModelAnswer, ModelRequest, Turn } from './model-client.ts';
import { RequestTooLong } from './model-errors.ts';
import { briefingFor, type Briefing } from './prompt/briefing.ts';
import type { Reply } from './reply.ts';
import { standing } from './standing.ts';
import { cachedUpTo, continued, withMore } from './turns.ts';

interface Draft {
  readonly briefing: Briefing;
  readonly messages: readonly Turn[];
  /** Whether it has to answer now, with what it knows. */
  readonly final: boolean;
}

/** A conversation up to its latest answer. */
export interface Talk extends Draft {
  readonly request: ModelRequest;
  readonly answer: ModelAnswer;
}

/**
 * The first request; where it is too long, once more with as much less evidence. How much that is, is kept: the same request is made
 * again after a crash, whatever is left of the budget then.
 */
export async function opened(inquiry: Inquiry, signal: AbortSignal): Promise<Talk> {
  const { ledger } = inquiry.desk;
  const whole = begun(briefingFor(inquiry), inquiry);
  const key = `evidence/${digestOf(requestOf(whole, inquiry))}`;
  let tokens = (await ledger.recall(key, signal)) as number | undefined;
  if (tokens === undefined) {
    try {
      return await said(whole, inquiry, signal);
    } catch (error) {
      if (!(error instanceof RequestTooLong) || error.most <= 0) throw error;
      tokens = await standing(ledger, key, lessEvidence(whole.briefing, error), signal);
    }
  }
  return said(begun(briefingFor(inquiry, tokens), inquiry), inquiry, signal);
}

/** The next request: what was said, and the reply to it. Where there is no room for what was looked up, it has to answer without it. */
export async function wentOn(
  talk: Talk,
  reply: Reply,
  final: boolean,
  inquiry: Inquiry,
  signal: AbortSignal,
): Promise<Talk> {
  const next = (content: Reply['content'], last: boolean): Promise<Talk> =>
    said(draftOf(talk.briefing, continued(talk.messages, talk.answer, content), last), inquiry, signal);
  try {
    return await next(reply.content, final);
  } catch (error) {
    if (!(error instanceof RequestTooLong) || error.most <= 0) throw error;
    return next(reply.content.map(leftOut), true);
  }
}

function leftOut(block: Reply['content'][number]): Reply['content'][number] {
  if (block.type !== 'tool_result' || block.is_error === true) return block;
  return { ...block, content: 'Left out: there is no room for it.' };
}

function begun(briefing: Briefing, { settings }: Inquiry): Draft {
  return draftOf(briefing, [{ role: 'user', content: [...briefing.content] }], settings.maxTurns <= 1);
}

const lastTurn: Turn['content'] = [{ type: 'text', text: `No more looks: call ${diagnoseName} with what you know.` }];

/**
 * That it has to answer is said, and an answer without a diagnosis counts as a try. To force the tool would empty the cache of all that
 * was said, and models that think before they answer do not take it.
 */
function draftOf(briefing: Briefing, messages: readonly Turn[], final: boolean): Draft {
  return { briefing, final, messages: final ? withMore(messages, lastTurn) : messages };
}

/** Our own estimate of the evidence, less what is too much by the service's count. */
function lessEvidence({ evidenceTokens, tokens }: Briefing, { length, most }: RequestTooLong): number {
  const fitting = 0.9 * tokens * (most / length);
  return Math.max(0, Math.floor(evidenceTokens - (tokens - fitting)));
}

async function said(draft: Draft, inquiry: Inquiry, signal: AbortSignal): Promise<Talk> {
  const request = requestOf(draft, inquiry);
  return { ...draft, request, answer: await ask(request, inquiry, signal) };
}

function requestOf({ briefing: { system, tools }, messages }: Draft, { settings }: Inquiry): ModelRequest {
  const { model, maxTokens: max_tokens } = settings;
  return { model, max_tokens, system: [...system], tools: [...tools], messages: cachedUpTo(messages) };
}
