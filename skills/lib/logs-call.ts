import type { JsonObject } from '../../controller/api/json.ts';
import { listOf, objectOf, textOf } from './reading.ts';
import type { Window } from './time.ts';
import type { Tools } from '../skill.ts';

export const queryTool = 'execute_log_insights_query';

/** A query that did not complete: `code` is the status that CloudWatch or the tool gave it (Failed, Polling Timeout, ...). */
export class LogsQueryError extends Error {
  readonly code: string;

  constructor(code: string, words: string) {
    super(`the log query ended as ${code}${words === '' ? '' : `: ${words}`}`);
    this.name = 'LogsQueryError';
    this.code = code;
  }
}

export interface LogsQuery {
  readonly logGroups: readonly string[];
  readonly query: string;
  readonly limit: number;
}

/** Seconds that the tool may poll for; below the client's own limit for a call. */
const maxTimeoutSeconds = 20;

/**
 * Rows of a Logs Insights query, each an object of texts. Logs are asked by whole seconds; the first one begins within the
 * window, so that what was written before an act is not counted to it.
 * @throws LogsQueryError, ToolError
 */
export async function queryLogs(
  tools: Tools,
  { logGroups, query, limit }: LogsQuery,
  window: Window,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const from = Math.ceil(window.from.getTime() / 1000);
  const to = Math.max(from, Math.floor(window.to.getTime() / 1000));
  const args = {
    log_group_names: logGroups,
    start_time: isoSecond(from),
    end_time: isoSecond(to),
    query_string: query,
    limit,
    max_timeout: maxTimeoutSeconds,
  };
  const answer = objectOf(await tools.call(queryTool, args, signal));
  const status = textOf(answer['status']) ?? 'Unknown';
  if (status !== 'Complete') throw new LogsQueryError(status, textOf(answer['message']) ?? '');
  return listOf(answer['results']).map(objectOf);
}

/** With an offset instead of Z, which Python's parser knew earlier. */
function isoSecond(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, '+00:00');
}
