import type { IncomingHttpHeaders } from 'node:http';
import { blocksOf, partsOf, type WireRequest } from './wire.ts';

/** What the real API answers with an error before it looks any further. */
export interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

export interface Accepted {
  readonly apiKey: string;
  readonly models: readonly string[];
}

export function refusalOf(
  request: WireRequest,
  headers: IncomingHttpHeaders,
  { apiKey, models }: Accepted,
  counting: boolean,
): Refusal | undefined {
  // Older clients send the key in a header of its own, the SDK of today as a bearer's.
  if (headers['x-api-key'] !== apiKey && headers.authorization !== `Bearer ${apiKey}`) {
    return { status: 401, type: 'authentication_error', message: 'the API key is missing or invalid' };
  }
  if (headers['anthropic-version'] === undefined) return invalid('anthropic-version: header is required');
  if (!counting && !(Number.isInteger(request.max_tokens) && request.max_tokens > 0)) {
    return invalid('max_tokens: Field required');
  }
  if (typeof request.model !== 'string') return invalid('model: Field required');
  if (!models.includes(request.model))
    return { status: 404, type: 'not_found_error', message: `model: ${request.model}` };
  const fault = [messagesFault, pairingFault, toolsFault, cacheFault].map((check) => check(request)).find(Boolean);
  return fault === undefined ? undefined : invalid(fault);
}

function invalid(message: string): Refusal {
  return { status: 400, type: 'invalid_request_error', message };
}

function messagesFault({ messages, system }: WireRequest): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return 'messages: at least one message is required';
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role';
  const empty = messages.findIndex((message) => blocksOf(message).length === 0);
  if (empty >= 0) return `messages.${empty}: content must not be empty`;
  const texts = [...messages.flatMap(blocksOf), ...(Array.isArray(system) ? system : [])];
  const blank = texts.some((block) => 'text' in block && String(block.text).trim() === '');
  return blank ? 'messages: text content blocks must be non-empty' : undefined;
}

type Block = { readonly type: string; readonly id?: string; readonly tool_use_id?: string };

/** Each tool_use has its tool_result in the very next message, ahead of all text there, and the other way round. */
function pairingFault({ messages }: WireRequest): string | undefined {
  let open: readonly string[] = [];
  for (const [index, message] of messages.entries()) {
    const blocks: readonly Block[] = blocksOf(message);
    const results = blocks.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id ?? ''] : []));
    const missing = open.find((id) => !results.includes(id));
    if (missing !== undefined) return `messages.${index - 1}: tool_use ${missing} without a tool_result right after it`;
    const stray = results.find((id) => !open.includes(id));
    if (stray !== undefined) return `messages.${index}: unexpected tool_use_id ${stray} in tool_result`;
    if (new Set(results).size < results.length) return `messages.${index}: each tool_use must have a single result`;
    const first = blocks.findIndex(({ type }) => type !== 'tool_result');
    if (first >= 0 && blocks.slice(first).some(({ type }) => type === 'tool_result')) {
      return `messages.${index}: tool_result blocks must come first`;
    }
    open = blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id ?? ''] : []));
  }
  return open.length > 0 ? `messages: tool_use ${open.join(', ')} without a tool_result right after it` : undefined;
}

function toolsFault({ tools = [], tool_choice: choice }: WireRequest): string | undefined {
  const names = tools.map(({ name }) => name);
  const bad = names.findIndex((name) => !/^[a-zA-Z0-9_-]{1,64}$/.test(name));
  if (bad >= 0) return `tools.${bad}.name: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'`;
  if (new Set(names).size < names.length) return 'tools: Tool names must be unique';
  if (choice !== undefined && tools.length === 0) return 'tool_choice may only be specified while providing tools';
  if (choice?.type === 'tool' && !names.includes(choice.name)) return `tool_choice: Tool '${choice.name}' not found`;
  const untyped = tools.find(({ input_schema: schema }) => schema.type !== 'object');
  if (untyped !== undefined) return `tools: input_schema of ${untyped.name} must be of type object`;
  const strict = tools.filter((tool) => tool.strict === true).map((tool) => strictFault(tool.input_schema));
  return strict.find(Boolean);
}

/** Keywords that a strict schema may not have. */
const bounds = ['minimum', 'maximum', 'multipleOf', 'minLength', 'maxLength', 'maxItems', 'uniqueItems', 'pattern'];

/** Every object of a strict schema is closed, and nothing in it has bounds. */
function strictFault(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  if (Array.isArray(schema)) return schema.map(strictFault).find(Boolean);
  const own = schema as Readonly<Record<string, unknown>>;
  if (own['type'] === 'object' && own['additionalProperties'] !== false) {
    return "tools: For 'object' type, 'additionalProperties' must be explicitly set to false";
  }
  const bound = bounds.find((name) => own[name] !== undefined && typeof own[name] !== 'object');
  if (bound !== undefined) return `tools: property '${bound}' is not supported`;
  if (Array.isArray(own['type'])) return 'tools: a list of types is not supported, use anyOf';
  return Object.values(own).map(strictFault).find(Boolean);
}

function cacheFault(request: WireRequest): string | undefined {
  const marks = partsOf(request).filter((part) => 'cache_control' in part && part.cache_control !== null).length;
  return marks > 4 ? `A maximum of 4 blocks with cache_control may be provided. Found ${marks}.` : undefined;
}
