import type { IncomingMessage, ServerResponse } from 'node:http';

/** A call of ElastiCache's query protocol: a form with the action's name in it. */
export interface Query {
  readonly action: string;
  readonly input: URLSearchParams;
  /** As it came, to be sent on. */
  readonly body: string;
}

/** An error that ElastiCache itself would answer, by its own name for it. */
export class CacheFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'CacheFault';
    this.code = code;
  }
}

export async function readQuery(request: IncomingMessage): Promise<Query> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  const input = new URLSearchParams(body);
  return { action: input.get('Action') ?? '', input, body };
}

/** Elements with their text or their own elements, as XML. */
export function xml(elements: Readonly<Record<string, string>>): string {
  return Object.entries(elements)
    .map(([name, content]) => `<${name}>${content}</${name}>`)
    .join('');
}

/** Texts of AWS and of whoever uses it. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function respond(response: ServerResponse, action: string, result: string): void {
  const xmlns = 'http://elasticache.amazonaws.com/doc/2015-02-02/';
  const body = `<${action}Response xmlns="${xmlns}"><${action}Result>${result}</${action}Result></${action}Response>`;
  response.writeHead(200, { 'content-type': 'text/xml' }).end(body);
}

export function respondWithError(response: ServerResponse, error: unknown): void {
  const [status, code] = error instanceof CacheFault ? [400, error.code] : [500, 'InternalFailure'];
  const message = error instanceof Error ? error.message : String(error);
  const details = xml({ Code: code, Message: escaped(message) });
  response.writeHead(status, { 'content-type': 'text/xml' }).end(xml({ ErrorResponse: xml({ Error: details }) }));
}
