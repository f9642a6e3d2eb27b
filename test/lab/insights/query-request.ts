import { MalformedQuery } from './malformed.ts';
import type { TimeRange } from './moto-logs.ts';
import { parseQuery } from './parser.ts';
import { ServiceError, type Input } from './protocol.ts';
import type { Query } from './syntax.ts';

/** A StartQuery request, checked. */
export interface QueryRequest {
  readonly query: Query;
  readonly groupNames: readonly string[];
  readonly range: TimeRange;
  readonly limit: number | undefined;
}

const mostGroups = 50;
const mostResults = 100_000;

/** Throws the service's InvalidParameterException or MalformedQueryException. */
export function toQueryRequest(input: Input): QueryRequest {
  if ((input['queryLanguage'] ?? 'CWLI') !== 'CWLI') throw invalid('only the query language CWLI is supported');
  return {
    query: toQuery(input['queryString']),
    groupNames: toGroupNames(input),
    range: toRange(input['startTime'], input['endTime']),
    limit: toLimit(input['limit']),
  };
}

function toQuery(text: unknown): Query {
  if (typeof text !== 'string') throw invalid('queryString is required');
  try {
    return parseQuery(text);
  } catch (error) {
    if (!(error instanceof MalformedQuery)) throw error;
    const location = { startCharOffset: error.start, endCharOffset: error.end };
    const message = `${error.message} (characters ${error.start} to ${error.end})`;
    throw new ServiceError('MalformedQueryException', message, { queryCompileError: { location, message } });
  }
}

function toGroupNames(input: Input): string[] {
  const { logGroupName, logGroupNames, logGroupIdentifiers } = input;
  const given = [logGroupName, logGroupNames, logGroupIdentifiers].filter(
    (value) => value !== undefined && value !== null,
  );
  if (given.length !== 1)
    throw invalid('exactly one of logGroupName, logGroupNames and logGroupIdentifiers is required');
  const names = given.flat();
  const areNames = names.every((name) => typeof name === 'string');
  if (!areNames || names.length === 0 || names.length > mostGroups)
    throw invalid(`1 to ${mostGroups} log groups are required`);
  return [...new Set(names.map(nameOf))];
}

/** Of `arn:aws:logs:REGION:ACCOUNT:log-group:NAME`, or a name. */
function nameOf(identifier: string): string {
  return identifier.startsWith('arn:') ? (identifier.split(':')[6] ?? '') : identifier;
}

/** The service counts in seconds and includes the whole of the last one; a value in ms is understood as such. */
function toRange(start: unknown, end: unknown): TimeRange {
  const [from, to] = [toMs(start, 'startTime', 0), toMs(end, 'endTime', 999)];
  if (from > to) throw invalid('endTime is before startTime');
  return { from, to };
}

function toMs(time: unknown, name: string, rest: number): number {
  if (typeof time !== 'number' || !(time >= 0)) throw invalid(`${name} is required, in seconds since the epoch`);
  return time > 100_000_000_000 ? time : Math.floor(time) * 1000 + rest;
}

function toLimit(limit: unknown): number | undefined {
  if (limit === undefined || limit === null) return undefined;
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= mostResults) return limit;
  throw invalid(`limit is not between 1 and ${mostResults}`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}
