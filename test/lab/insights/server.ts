import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { MotoLogs, type Caller } from './moto-logs.ts';
import { passThrough } from './pass-through.ts';
import { operationOf, readInput, respond, respondWithError, ServiceError, type Input } from './protocol.ts';
import { QueryBook } from './query-book.ts';
import { toQueryRequest } from './query-request.ts';
import { SharedScans } from './shared-scans.ts';
import { closeServer, listen } from '../parts/listen.ts';

export interface InsightsOptions {
  /** Where moto's server listens. */
  readonly motoUrl: string;
  /** Aborting stops the endpoint. */
  readonly signal: AbortSignal;
}

export interface Insights {
  /** `http://127.0.0.1:PORT`: an endpoint for CloudWatch Logs, and for all else that moto does. */
  readonly url: string;
  stop(): Promise<void>;
}

type Operation = (input: Input, caller: Caller) => Promise<object> | object;

const pageSize = 10_000;

/**
 * An endpoint in front of moto that answers StartQuery, GetQueryResults and StopQuery of CloudWatch Logs by evaluating the query
 * over moto's FilterLogEvents, since moto itself ignores most of a query; every other request goes to moto as it is.
 */
export async function startInsights({ motoUrl, signal }: InsightsOptions): Promise<Insights> {
  signal.throwIfAborted();
  const book = new QueryBook(new SharedScans());
  const operations = operationsOn(book, motoUrl, signal);
  const server = createServer((request, response) => {
    void handle(request, response, operations, new URL(motoUrl));
  });
  const port = await listen(server);
  const stop = (): Promise<void> => close(server, book);
  signal.addEventListener('abort', () => void stop(), { once: true });
  return { url: `http://127.0.0.1:${port}`, stop };
}

function operationsOn(book: QueryBook, motoUrl: string, signal: AbortSignal): ReadonlyMap<string, Operation> {
  return new Map<string, Operation>([
    ['StartQuery', (input, caller) => startQuery(input, book, new MotoLogs(motoUrl, caller), signal)],
    ['GetQueryResults', (input) => getQueryResults(input, book)],
    ['StopQuery', (input) => (book.cancel(input['queryId']), { success: true })],
  ]);
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  operations: ReadonlyMap<string, Operation>,
  moto: URL,
): Promise<void> {
  try {
    const operation = operations.get(operationOf(request) ?? '');
    if (operation === undefined) await passThrough(request, response, moto);
    else respond(response, await operation(await readInput(request), callerOf(request)));
  } catch (error) {
    if (response.headersSent) response.destroy();
    else respondWithError(response, error);
  }
}

function callerOf({ headers }: IncomingMessage): Caller {
  const { authorization } = headers;
  return authorization === undefined ? {} : { authorization };
}

async function startQuery(input: Input, book: QueryBook, logs: MotoLogs, signal: AbortSignal): Promise<object> {
  const request = toQueryRequest(input);
  const groups = await Promise.all(request.groupNames.map((name) => logs.group(name, signal)));
  return { queryId: book.start(request, groups, logs) };
}

function getQueryResults({ queryId, nextToken }: Input, book: QueryBook): object {
  const { status, answer, groups } = book.get(queryId);
  const from = nextToken === undefined || nextToken === null ? 0 : Number(nextToken);
  if (!Number.isInteger(from) || from < 0)
    throw new ServiceError('InvalidParameterException', 'this is not a nextToken');
  const to = from + pageSize;
  return {
    queryLanguage: 'CWLI',
    results: answer.results.slice(from, to),
    statistics: { ...answer.statistics, logGroupsScanned: groups, resultCount: answer.results.length },
    status,
    ...(to < answer.results.length ? { nextToken: String(to) } : {}),
  };
}

async function close(server: Server, book: QueryBook): Promise<void> {
  book.stop();
  if (!server.listening) return;
  await closeServer(server);
}
