import type { MessageCreateParamsBase, MessageParam, Tool } from '@anthropic-ai/sdk/resources/messages';

/** A request as it comes in. Of tools, those that a client defines. */
export type WireRequest = Omit<MessageCreateParamsBase, 'tools'> & { readonly tools?: readonly Tool[] };

export type WireBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown };

/** What the stand-in does with a request: answers it, refuses it, or breaks off in the midst of the answer. */
export type Scripted =
  | {
      readonly content: readonly WireBlock[];
      readonly stopReason?: string;
      /**
       * After the first half of the events: an overload told in the stream, a connection cut, or a stream that just ends. `Reset`:
       * before anything is answered.
       */
      readonly breaksOff?: 'Overload' | 'Drop' | 'End' | 'Reset';
    }
  | {
      readonly status: number;
      readonly type: string;
      readonly message?: string;
      readonly retryAfter?: number | string;
    };

/** @param number of the request among those for answers, from 1 */
export type Script = (request: WireRequest, number: number) => Scripted | Promise<Scripted>;

/** The blocks of a message; a text is one block. */
export function blocksOf({ content }: MessageParam): readonly { readonly type: string }[] {
  return typeof content === 'string' ? [{ type: 'text', text: content } as { readonly type: string }] : content;
}

/** The same, of the messages' API's three places, in the order in which a prefix of them is cached. */
export function partsOf(request: WireRequest): readonly object[] {
  const system = typeof request.system === 'string' ? [{ type: 'text', text: request.system }] : (request.system ?? []);
  const messages = request.messages.flatMap((message) =>
    blocksOf(message).map((block) => ({ ...block, of: message.role })),
  );
  return [...(request.tools ?? []), ...system, ...messages];
}
