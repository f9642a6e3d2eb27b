import { ServiceError } from './protocol.ts';
import type { LogEvent } from './records.ts';

/** Who asks: the headers of the caller's request by which moto knows region and account. */
export type Caller = Readonly<Record<string, string>>;

export interface LogGroup {
  readonly name: string;
  readonly account: string;
}

export interface TimeRange {
  /** ms since the epoch, both inclusive. */
  readonly from: number;
  readonly to: number;
}

interface FilteredEvent {
  readonly logStreamName: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
  readonly eventId: string;
}

interface Page {
  readonly events?: readonly FilteredEvent[];
  readonly nextToken?: string | null;
}

interface Groups {
  readonly logGroups?: readonly { readonly logGroupName: string; readonly arn: string }[];
  readonly nextToken?: string | null;
}

const pageSize = 10_000;

/** What the evaluator reads from moto's CloudWatch Logs, as the caller would. */
export class MotoLogs {
  readonly caller: Caller;
  readonly #url: string;

  constructor(url: string, caller: Caller) {
    this.#url = url;
    this.caller = caller;
  }

  /** Throws ResourceNotFoundException when there is no such group. */
  async group(name: string, signal: AbortSignal): Promise<LogGroup> {
    let nextToken: string | undefined;
    do {
      const page = await this.#call<Groups>('DescribeLogGroups', { logGroupNamePrefix: name, nextToken }, signal);
      const found = page.logGroups?.find((group) => group.logGroupName === name);
      if (found !== undefined) return { name, account: found.arn.split(':')[4] ?? '' };
      nextToken = page.nextToken ?? undefined;
    } while (nextToken !== undefined);
    throw new ServiceError('ResourceNotFoundException', `Log group '${name}' does not exist.`);
  }

  /** All events of a group in a time range, a page at a time. */
  async *events({ name, account }: LogGroup, { from, to }: TimeRange, signal: AbortSignal): AsyncGenerator<LogEvent[]> {
    const request = { logGroupName: name, startTime: from, endTime: to, interleaved: true, limit: pageSize };
    let nextToken: string | undefined;
    do {
      const page: Page = await this.#call<Page>('FilterLogEvents', { ...request, nextToken }, signal);
      yield (page.events ?? []).map((event) => ({
        log: `${account}:${name}`,
        logStream: event.logStreamName,
        timestamp: event.timestamp,
        ingestionTime: event.ingestionTime,
        message: event.message,
        id: event.eventId,
      }));
      nextToken = page.nextToken ?? undefined;
    } while (nextToken !== undefined);
  }

  async #call<Answer>(operation: string, input: object, signal: AbortSignal): Promise<Answer> {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${operation}` };
    const body = JSON.stringify(input);
    const response = await fetch(this.#url, { method: 'POST', headers: { ...this.caller, ...headers }, body, signal });
    if (response.ok) return (await response.json()) as Answer;
    throw new ServiceError('ServiceUnavailableException', `moto answered ${response.status} to ${operation}`, {}, 500);
  }
}
