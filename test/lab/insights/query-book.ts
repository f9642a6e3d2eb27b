import { randomUUID } from 'node:crypto';
import { answer, type QueryAnswer } from './evaluator.ts';
import type { LogGroup, MotoLogs } from './moto-logs.ts';
import { ServiceError } from './protocol.ts';
import type { QueryRequest } from './query-request.ts';
import type { SharedScans } from './shared-scans.ts';

export type QueryStatus = 'Running' | 'Complete' | 'Failed' | 'Cancelled';

export interface StartedQuery {
  readonly status: QueryStatus;
  readonly answer: QueryAnswer;
  readonly groups: number;
}

interface Entry {
  state: StartedQuery;
  readonly control: AbortController;
}

const kept = 1000;
const nothing: QueryAnswer = { results: [], statistics: { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 } };

/** The queries that were started, running or ended; the oldest are forgotten. */
export class QueryBook {
  readonly #entries = new Map<string, Entry>();
  readonly #scans: SharedScans;

  constructor(scans: SharedScans) {
    this.#scans = scans;
  }

  /** Starts a query over groups that exist; answers its id at once. */
  start(request: QueryRequest, groups: readonly LogGroup[], logs: MotoLogs): string {
    const id = randomUUID();
    const entry: Entry = {
      control: new AbortController(),
      state: { status: 'Running', answer: nothing, groups: groups.length },
    };
    this.#entries.set(id, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > kept && oldest !== undefined) this.#entries.delete(oldest);
    void this.#run(entry, request, groups, logs);
    return id;
  }

  get(id: unknown): StartedQuery {
    return this.#entry(id).state;
  }

  cancel(id: unknown): void {
    const entry = this.#entry(id);
    if (entry.state.status !== 'Running') {
      throw new ServiceError('InvalidParameterException', 'the query is not running: it has ended');
    }
    entry.state = { ...entry.state, status: 'Cancelled' };
    entry.control.abort();
  }

  stop(): void {
    for (const { control } of this.#entries.values()) control.abort();
  }

  #entry(id: unknown): Entry {
    const entry = typeof id === 'string' ? this.#entries.get(id) : undefined;
    if (entry === undefined) throw new ServiceError('ResourceNotFoundException', `there is no query ${String(id)}`);
    return entry;
  }

  /** A query that was cancelled stays so, whatever its scan then comes to. */
  async #run(entry: Entry, request: QueryRequest, groups: readonly LogGroup[], logs: MotoLogs): Promise<void> {
    const ended = await this.#scan(request, groups, logs, entry.control.signal).then(
      (found): StartedQuery => ({ status: 'Complete', answer: found, groups: groups.length }),
      (): StartedQuery => ({ status: 'Failed', answer: nothing, groups: groups.length }),
    );
    if (entry.state.status === 'Running') entry.state = ended;
  }

  async #scan(
    { query, range, limit }: QueryRequest,
    groups: readonly LogGroup[],
    logs: MotoLogs,
    signal: AbortSignal,
  ): Promise<QueryAnswer> {
    const read = await Promise.all(groups.map((group) => this.#scans.events(logs, group, range, signal)));
    signal.throwIfAborted();
    return answer(query, read.flat(), limit);
  }
}
