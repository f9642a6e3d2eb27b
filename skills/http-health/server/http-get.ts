import type { JsonObject } from '../../../controller/api/json.ts';
import type { DialResponse } from '../../../controller/mcp/dialer.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import { DialError } from '../../../controller/mcp/outbound-errors.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import type { HttpBackend } from './server.ts';

const shownHeaders = ['content-type', 'content-length', 'location', 'retry-after', 'server', 'date', 'via'];
const mostBytes = 1024 * 1024;
const mostShown = 2_000;

/**
 * Asks for a page once. A status of any kind is an answer; a connection that fails is the tool's failure, with Node's or undici's
 * code (ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED, ...), DialTimeout, HostRefused, or Unnoticed where we were too busy to tell.
 */
export const httpGet: ToolDefinition<HttpBackend> = {
  name: 'http_get',
  description: 'Makes one GET or HEAD request and answers status, latency and the beginning of the body.',
  access: 'Read',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['url'],
    properties: {
      url: { type: 'string', pattern: '^https?://', maxLength: 2048 },
      method: { enum: ['GET', 'HEAD'], default: 'GET' },
      timeoutMs: { type: 'integer', minimum: 100, maximum: 30_000, default: 4_000 },
      followRedirects: { type: 'boolean', default: true },
      bodyContains: { type: 'string', maxLength: 1_000 },
      sample: { type: 'integer', description: 'Of a series: equal calls close together may be answered as one' },
    },
  },
  output: {
    type: 'object',
    required: ['status', 'latencyMs', 'headers', 'body'],
    properties: {
      status: { type: 'integer' },
      latencyMs: { type: 'number', description: 'From the request to the end of the body' },
      busyMs: { type: 'number', description: 'How much of it the asking process was busy with other things' },
      headers: { type: 'object', additionalProperties: { type: 'string' } },
      body: { type: 'string', description: 'At most 2,000 characters; empty when it is no text' },
      bodyContains: { type: 'boolean', description: 'Whether the whole body holds the text that was asked for' },
    },
  },
  async handle(args, { backend, signal }) {
    const began = backend.clock.monotonicMs();
    const busyBefore = backend.busyMs();
    const answer = await fetchWith(backend, args, signal).catch((error: unknown) => {
      throw unlessUnnoticed(error, {
        waitedMs: backend.clock.monotonicMs() - began,
        busyMs: backend.busyMs() - busyBefore,
      });
    });
    const latencyMs = backend.clock.monotonicMs() - began;
    const busyMs = Math.min(latencyMs, Math.max(0, backend.busyMs() - busyBefore));
    const text = textIn(answer);
    const wanted = textOf(args['bodyContains']);
    return {
      status: answer.status,
      latencyMs,
      busyMs,
      headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => shownHeaders.includes(name))),
      body: text.slice(0, mostShown),
      ...(wanted === undefined ? {} : { bodyContains: text.includes(wanted) }),
    };
  },
};

function fetchWith({ dialer }: HttpBackend, args: JsonObject, signal: AbortSignal): Promise<DialResponse> {
  return dialer.fetch(textOf(args['url']) ?? '', {
    method: textOf(args['method']) ?? 'GET',
    headers: { 'user-agent': 'threehops', accept: '*/*' },
    timeoutMs: numberOf(args['timeoutMs']) ?? 4_000,
    maxBytes: mostBytes,
    ...(args['followRedirects'] === false ? { redirects: 0 } : {}),
    signal,
  });
}

/** From this much of the wait on, a good part of it, it cannot be told whether the page was late or we were. */
const tooBusy = { share: 0.25, leastMs: 1000 };

function unlessUnnoticed(error: unknown, { waitedMs, busyMs }: { waitedMs: number; busyMs: number }): unknown {
  const wasBusy = busyMs >= Math.max(tooBusy.leastMs, waitedMs * tooBusy.share);
  if (!(error instanceof DialError) || error.code !== 'DialTimeout' || !wasBusy) return error;
  const message = `no answer was noticed in ${Math.round(waitedMs)} ms, of which we were busy for ${Math.round(busyMs)} ms`;
  return new ToolFault('Unnoticed', message, { cause: error });
}

function textIn({ body }: DialResponse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return '';
  }
}
