import type { JsonObject } from '../../../controller/api/json.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { DialInit } from '../../../controller/mcp/dialer.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import { round } from '../../lib/statistics.ts';
import { histogramOf } from '../histogram.ts';
import { generate, type LoadPlan, type LoadRun, type RequestEnd } from './generate.ts';
import type { LoadBackend } from './server.ts';

export const loadTool = 'threehops_http_load';

const mostBytes = 1024 * 1024;
/** Distinct answers that are told apart; further ones are counted together. */
const mostAnswers = 10;

/**
 * A short stretch of load on one URL. It changes nothing by itself, but it is traffic with a method and a body, so it counts as a
 * write: it needs a writer's allow-list. A request ends well when its status is below 400; redirects are not followed.
 */
export const httpLoad: ToolDefinition<LoadBackend> = {
  name: loadTool,
  description: 'Sends HTTP requests at a bounded rate for at most ten seconds and counts how they end.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['url', 'durationMs'],
    properties: {
      url: { type: 'string', pattern: '^https?://[^@]+$', maxLength: 2048 },
      method: { enum: ['GET', 'HEAD', 'POST', 'PUT'], default: 'GET' },
      body: { type: 'string', maxLength: 8192 },
      connections: { type: 'integer', minimum: 1, maximum: 100, default: 5 },
      requestsPerSecond: { type: 'number', minimum: 0.1, maximum: 1_000, default: 50 },
      durationMs: { type: 'integer', minimum: 100, maximum: 10_000 },
      timeoutMs: { type: 'integer', minimum: 100, maximum: 10_000, default: 3_000 },
    },
  },
  output: {
    type: 'object',
    required: ['requests', 'errors', 'tookMs', 'answers', 'latencies'],
    properties: {
      requests: { type: 'integer' },
      errors: { type: 'integer' },
      tookMs: { type: 'number' },
      answers: { type: 'object', additionalProperties: { type: 'integer' }, description: 'by status or error code' },
      latencies: { type: 'object', additionalProperties: { type: 'integer' }, description: 'see histogram.ts' },
    },
  },
  async handle(args, { backend, signal }) {
    const url = textOf(args['url']) ?? '';
    const plan = planOf(args, backend);
    // Before any traffic: a host that is refused is refused as a whole, and not counted as so many errors.
    await backend.dialer.pin(new URL(url).hostname.replace(/^\[|\]$/g, ''), signal);
    const run = await generate(plan, backend.clock, (stop) => request(backend, url, requestInit(args), stop), signal);
    return resultOf(run);
  },
};

function planOf(args: JsonObject, { most }: LoadBackend): LoadPlan {
  return {
    connections: Math.min(numberOf(args['connections']) ?? 5, most.connections),
    requestsPerSecond: Math.min(numberOf(args['requestsPerSecond']) ?? 50, most.requestsPerSecond),
    durationMs: numberOf(args['durationMs']) ?? 1_000,
  };
}

function requestInit(args: JsonObject): DialInit {
  const body = textOf(args['body']);
  return {
    method: textOf(args['method']) ?? 'GET',
    headers: {
      'user-agent': 'threehops-load',
      ...(body === undefined ? {} : { 'content-type': contentTypeOf(body) }),
    },
    ...(body === undefined ? {} : { body }),
    timeoutMs: numberOf(args['timeoutMs']) ?? 3_000,
    maxBytes: mostBytes,
    redirects: 0,
  };
}

/** The map gives a body and no type for it. */
function contentTypeOf(body: string): string {
  try {
    JSON.parse(body);
    return 'application/json';
  } catch {
    return 'text/plain; charset=utf-8';
  }
}

async function request({ dialer }: LoadBackend, url: string, init: DialInit, signal: AbortSignal): Promise<RequestEnd> {
  try {
    const { status } = await dialer.fetch(url, { ...init, signal });
    return { ok: status < 400, answer: String(status) };
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, answer: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (code === 'HostRefused') throw new ToolFault('HostRefused', 'the host may not be reached', { cause: error });
  return typeof code === 'string' ? code : 'Error';
}

function resultOf({ ends, tookMs }: LoadRun): JsonObject {
  return {
    requests: ends.length,
    errors: ends.filter(({ ok }) => !ok).length,
    tookMs: round(tookMs, 1),
    answers: countedAnswers(ends),
    latencies: histogramOf(ends.map(({ ms }) => ms)),
  };
}

function countedAnswers(ends: readonly RequestEnd[]): JsonObject {
  const groups = [...Map.groupBy(ends, ({ answer }) => answer)]
    .map(([answer, group]) => [answer, group.length] as const)
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const others = groups.slice(mostAnswers).reduce((sum, [, count]) => sum + count, 0);
  return Object.fromEntries([...groups.slice(0, mostAnswers), ...(others > 0 ? [['others', others] as const] : [])]);
}
