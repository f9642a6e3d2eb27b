import type { Json, JsonObject } from '../../controller/api/json.ts';
import { isDefined, listOf, numberOf, objectOf, textOf } from '../lib/reading.ts';
import type { ProbeContext } from '../skill.ts';
import { microTime } from './micro-time.ts';
import { thresholdsOf } from './parameters.ts';
import { activityQuery, backendQuery } from './queries.ts';
import { queryTemplate } from './query-template.ts';
import { reportOf } from './report.ts';

/** One backend that serves a client. Times are RFC 3339 with microseconds; undefined where the reader's role may not see them. */
export interface Session {
  readonly pid: number;
  /** With the pid it names the backend for good. */
  readonly backendStart?: string;
  readonly transactionStart?: string;
  readonly queryStart?: string;
  readonly stateChange?: string;
  /** PostgreSQL's word: active, idle, `idle in transaction`, ...; empty where it is hidden. */
  readonly state: string;
  readonly user: string;
  readonly database: string;
  readonly application: string;
  readonly client: string;
  /** The statement that runs or ran last, its literals masked. */
  readonly query: string;
}

/** A backend that waits for a lock. */
export interface Wait {
  readonly pid: number;
  readonly since?: string;
  readonly mode: string;
  readonly relation?: string;
  /** Pids that hold what it waits for or stand before it; 0 for a prepared transaction. */
  readonly blockers: readonly number[];
}

export interface ClientGroup {
  readonly application: string;
  readonly user: string;
  readonly state: string;
  readonly count: number;
}

export interface Activity {
  readonly at: Date;
  readonly database: string;
  readonly databaseBytes: number;
  readonly maxConnections: number;
  /** Since when at the latest more of them are taken than should be; connections that were closed again do not count. */
  readonly saturatedSince: string | undefined;
  /** Of `maxConnections`, kept for superusers. */
  readonly reserved: number;
  readonly hasStatements: boolean;
  /** Sessions of other roles that the reader's role sees nothing of. */
  readonly hidden: number;
  readonly clients: readonly ClientGroup[];
  readonly waits: readonly Wait[];
  readonly sessions: ReadonlyMap<number, Session>;
}

/** @throws ToolError, ReportUnreadable */
export async function readActivity(context: Pick<ProbeContext, 'tools' | 'signal' | 'node'>): Promise<Activity> {
  const { maxConnectionsPercent } = thresholdsOf(context.node.with);
  return parseActivity(await reportOf(context, activityQuery(maxConnectionsPercent)));
}

/** The backend that has this pid now. @throws ToolError, ReportUnreadable */
export async function readBackend(
  context: Pick<ProbeContext, 'tools' | 'signal' | 'node'>,
  pid: number,
): Promise<Session | undefined> {
  return listOf((await reportOf(context, backendQuery(pid)))['sessions'])
    .map(parseSession)
    .find(isDefined);
}

export function parseActivity(report: JsonObject): Activity {
  const sessions = listOf(report['sessions']).map(parseSession).filter(isDefined);
  return {
    at: new Date(microTime(report['at']) ?? 0),
    database: textOf(report['database']) ?? '',
    databaseBytes: numberOf(report['databaseBytes']) ?? 0,
    maxConnections: numberOf(report['maxConnections']) ?? 0,
    saturatedSince: microTime(report['saturatedSince']),
    reserved: numberOf(report['reserved']) ?? 0,
    hasStatements: (numberOf(report['statements']) ?? 0) > 0,
    hidden: numberOf(report['hidden']) ?? 0,
    clients: listOf(report['clients']).map(parseClients),
    waits: listOf(report['waits']).map(parseWait).filter(isDefined),
    sessions: new Map(sessions.map((session) => [session.pid, session])),
  };
}

function parseSession(value: Json): Session | undefined {
  const row = objectOf(value);
  const pid = numberOf(row['pid']);
  if (pid === undefined) return undefined;
  const text = (name: string): string => textOf(row[name]) ?? '';
  return {
    pid,
    ...times(row),
    state: text('state'),
    user: text('user'),
    database: text('database'),
    application: text('application'),
    client: text('client'),
    query: queryTemplate(text('query')),
  };
}

function times(row: JsonObject): Partial<Session> {
  const backendStart = microTime(row['backend_start']);
  const transactionStart = microTime(row['xact_start']);
  const queryStart = microTime(row['query_start']);
  const stateChange = microTime(row['state_change']);
  return {
    ...(backendStart === undefined ? {} : { backendStart }),
    ...(transactionStart === undefined ? {} : { transactionStart }),
    ...(queryStart === undefined ? {} : { queryStart }),
    ...(stateChange === undefined ? {} : { stateChange }),
  };
}

function parseWait(value: Json): Wait | undefined {
  const row = objectOf(value);
  const pid = numberOf(row['pid']);
  if (pid === undefined) return undefined;
  const since = microTime(row['since']);
  const relation = textOf(row['relation']);
  return {
    pid,
    ...(since === undefined ? {} : { since }),
    mode: textOf(row['mode']) ?? '',
    ...(relation === undefined ? {} : { relation }),
    blockers: [...new Set(listOf(row['blockers']).map(numberOf).filter(isDefined))],
  };
}

function parseClients(value: Json): ClientGroup {
  const row = objectOf(value);
  return {
    application: textOf(row['application']) ?? '',
    user: textOf(row['user']) ?? '',
    state: textOf(row['state']) ?? '',
    count: numberOf(row['count']) ?? 0,
  };
}
