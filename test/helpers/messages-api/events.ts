import type { Usage } from './usage.ts';
import type { WireBlock } from './wire.ts';

export interface WireMessage {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly content: readonly WireBlock[];
  readonly stop_reason: string | null;
  readonly stop_sequence: null;
  readonly usage: Usage & { readonly output_tokens: number };
}

type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A message as the API streams it: blocks in pieces, pings in between. */
export function eventsOf(message: WireMessage): readonly Event[] {
  const { content, stop_reason: reason, stop_sequence, usage } = message;
  return [
    {
      type: 'message_start',
      message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    },
    { type: 'ping' },
    ...content.flatMap(blockEvents),
    {
      type: 'message_delta',
      delta: { stop_reason: reason, stop_sequence },
      usage: { output_tokens: usage.output_tokens },
    },
    { type: 'message_stop' },
  ];
}

function blockEvents(block: WireBlock, index: number): readonly Event[] {
  const { empty, deltas } = streamed(block);
  return [
    { type: 'content_block_start', index, content_block: { ...block, ...empty } },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

/** How a block begins, and what is added to it. */
function streamed(block: WireBlock): { readonly empty: object; readonly deltas: readonly object[] } {
  switch (block.type) {
    case 'text':
      return { empty: { text: '' }, deltas: pieces(block.text).map((text) => ({ type: 'text_delta', text })) };
    case 'thinking': {
      const thoughts = pieces(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking }));
      const signed = { type: 'signature_delta', signature: block.signature };
      return { empty: { thinking: '', signature: '' }, deltas: [...thoughts, signed] };
    }
    case 'tool_use': {
      // The API begins with an empty piece.
      const parts = ['', ...pieces(JSON.stringify(block.input))];
      return { empty: { input: {} }, deltas: parts.map((json) => ({ type: 'input_json_delta', partial_json: json })) };
    }
  }
}

function pieces(text: string): readonly string[] {
  return text.match(/.{1,40}/gs) ?? [];
}

export function sse(event: Event): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
