import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** An error that the service itself would answer, by the name that its model has for it. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  /** More members of the error's shape. */
  readonly details: object;

  constructor(code: string, message: string, details: object = {}, status = 400) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export type Input = Readonly<Record<string, unknown>>;

/** The operation that a request of CloudWatch Logs' AWS JSON protocol names in its target header. */
export function operationOf(request: IncomingMessage): string | undefined {
  const target = String(request.headers['x-amz-target'] ?? '');
  return target.startsWith('Logs_20140328.') ? target.slice('Logs_20140328.'.length) : undefined;
}

export async function readInput(request: IncomingMessage): Promise<Input> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const input = parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof input !== 'object' || input === null)
    throw new ServiceError('SerializationException', 'the body is not JSON');
  return input as Input;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function respond(response: ServerResponse, body: object): void {
  write(response, 200, body);
}

export function respondWithError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ServiceError ? error : new ServiceError('ServiceUnavailableException', String(error), {}, 500);
  response.setHeader('x-amzn-errortype', known.code);
  write(response, known.status, { __type: known.code, message: known.message, ...known.details });
}

function write(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() });
  response.end(JSON.stringify(body));
}
