import type { ContentBlockParam, Message, TextBlockParam, Tool } from '@anthropic-ai/sdk/resources/messages';

/** A message of the conversation. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: ContentBlockParam[];
}

/** A request of the Messages API, in its own words. Plain JSON: its digest tells it from every other one. */
export interface ModelRequest {
  readonly model: string;
  readonly max_tokens: number;
  readonly system: TextBlockParam[];
  readonly tools: Tool[];
  readonly messages: Turn[];
}

/** What is made use of in an answer. */
export type ModelAnswer = Pick<Message, 'content' | 'stop_reason' | 'usage'>;

export interface ModelClient {
  /** The length of a request in tokens, as the model's own service counts them. @throws ModelUnavailable, ModelRefused */
  countTokens(request: ModelRequest, signal: AbortSignal): Promise<number>;
  /** @throws ModelUnavailable, ModelRefused, AnswerLost; the signal's reason. */
  send(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer>;
}
