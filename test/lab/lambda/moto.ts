import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** An answer of moto's, read whole. */
export interface MotoAnswer {
  readonly status: number;
  readonly errorType: string | undefined;
  readonly text: string;
}

export interface MotoRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body?: string;
}

/** Asks moto what a caller of ours asked us, as that caller. */
export async function askMoto(moto: string, { method, path, headers, body }: MotoRequest): Promise<MotoAnswer> {
  const { authorization } = headers;
  const response = await fetch(new URL(path, moto), {
    method,
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    ...(body === undefined || body === '' ? {} : { body }),
  });
  const errorType = response.headers.get('x-amzn-errortype') ?? undefined;
  return { status: response.status, errorType, text: await response.text() };
}

export function succeeded({ status }: MotoAnswer): boolean {
  return status < 300;
}

/** Hands an answer on, with another body where one is given. */
export function relay(response: ServerResponse, answer: MotoAnswer, body?: object): void {
  const { status, errorType, text } = answer;
  const headers = errorType === undefined ? {} : { 'x-amzn-errortype': errorType };
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(status === 204 ? undefined : body === undefined ? text : JSON.stringify(body));
}
