import type { Json, JsonObject } from '../api/json.ts';
import type { ToolOutcome } from './errors.ts';

/** Where an error result carries its code: `_meta` may hold anything, so other MCP clients are not disturbed. */
export const errorMetaKey = 'threehops.dev/error';

/** Codes that an embedded server gives by itself, before or after its tool. */
export const serverCodes = {
  invalidArguments: 'InvalidArguments',
  invalidAnswer: 'InvalidAnswer',
  answerTooLarge: 'AnswerTooLarge',
} as const;

/** What the two ends of a call need of a `tools/call` result. */
export interface WireResult {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: { readonly [key: string]: unknown } | undefined;
  readonly isError?: boolean | undefined;
  readonly _meta?: { readonly [key: string]: unknown } | undefined;
}

export interface WireFailure {
  readonly code: string;
  readonly message: string;
  readonly outcome?: ToolOutcome;
}

/** An answer as it is sent: JSON text for every client, structuredContent where the answer is an object. */
export function encodeAnswer(text: string, answer: Json): WireResult {
  const content = [{ type: 'text', text }];
  return isObject(answer) ? { content, structuredContent: answer } : { content };
}

export function encodeFailure(failure: WireFailure): WireResult {
  const meta = { code: failure.code, outcome: failure.outcome ?? 'NotDone' };
  return { content: [{ type: 'text', text: failure.message }], isError: true, _meta: { [errorMetaKey]: meta } };
}

/**
 * How an answer may be read, the likeliest first: what the servers of the field send in practice. Ours is structuredContent, else the
 * text as JSON, else the text itself. Python's FastMCP wraps what is no model of its own as `{result: ...}`, puts plain words beside that, and
 * sends a list as a block of text an item. Contracts have all of it bare.
 */
export function readingsOf(result: WireResult): readonly Json[] {
  const { content, structuredContent } = result;
  const text = textOf(result);
  if (structuredContent === undefined) return [whole(text), ...listed(content)];
  const [entry, ...others] = Object.entries(structuredContent) as [string, Json][];
  const wrapped = entry?.[0] === 'result' && others.length === 0 ? [entry[1], text] : [];
  return [structuredContent as JsonObject, ...wrapped];
}

function whole(text: string): Json {
  const json = parsed(text);
  return json === undefined ? text : json;
}

function listed(content: WireResult['content']): readonly Json[] {
  const items = content.map((block) => parsed(block.text ?? ''));
  return items.includes(undefined) ? [] : [items as Json];
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** A server that is not ours gives no code: it is then `Error`, and the outcome of a write is left to the caller. */
export function decodeFailure(result: WireResult): WireFailure {
  const meta = result._meta?.[errorMetaKey] as { readonly code?: unknown; readonly outcome?: unknown } | undefined;
  const code = typeof meta?.code === 'string' ? meta.code : 'Error';
  const message = textOf(result);
  return meta?.outcome === 'NotDone' || meta?.outcome === 'Unknown'
    ? { code, message, outcome: meta.outcome }
    : { code, message };
}

/** Bytes of an answer: of its text or of its structured content, whichever is more, as either may be what is read. */
export function answerBytes({ content, structuredContent }: WireResult): number {
  const text = content.reduce((sum, block) => sum + Buffer.byteLength(block.text ?? ''), 0);
  return Math.max(text, structuredContent === undefined ? 0 : Buffer.byteLength(JSON.stringify(structuredContent)));
}

function textOf(result: WireResult): string {
  return result.content
    .map((block) => block.text ?? '')
    .join('\n')
    .trim();
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
