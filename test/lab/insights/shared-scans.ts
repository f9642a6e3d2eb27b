import { setTimeout as delay } from 'node:timers/promises';
import type { LogGroup, MotoLogs, TimeRange } from './moto-logs.ts';
import type { LogEvent } from './records.ts';

interface Batch {
  range: TimeRange;
  waiting: number;
  readonly end: AbortController;
  readonly events: Promise<readonly LogEvent[]>;
}

/** Whoever looks at a service asks several things of its log at once; so long the first of them waits for the others. */
const gatherMs = 30;

/** Reads a group once for all queries that come close together: moto goes through all of its events for each reading. */
export class SharedScans {
  readonly #gathering = new Map<string, Batch>();

  /**
   * The group's events in the range, as they are when the reading begins, which is after the call. A reading for which nobody waits
   * any more is given up.
   */
  async events(logs: MotoLogs, group: LogGroup, range: TimeRange, signal: AbortSignal): Promise<readonly LogEvent[]> {
    const key = JSON.stringify([logs.caller, group.account, group.name]);
    const batch = this.#gathering.get(key) ?? this.#open(key, logs, group, range);
    batch.range = { from: Math.min(batch.range.from, range.from), to: Math.max(batch.range.to, range.to) };
    batch.waiting += 1;
    const leave = (): void => {
      batch.waiting -= 1;
      if (batch.waiting === 0) batch.end.abort();
    };
    signal.addEventListener('abort', leave, { once: true });
    const events = await batch.events;
    signal.removeEventListener('abort', leave);
    return events.filter(({ timestamp }) => timestamp >= range.from && timestamp <= range.to);
  }

  #open(key: string, logs: MotoLogs, group: LogGroup, range: TimeRange): Batch {
    const end = new AbortController();
    const read = async (): Promise<readonly LogEvent[]> => {
      await delay(gatherMs);
      this.#gathering.delete(key);
      const events: LogEvent[] = [];
      for await (const page of logs.events(group, batch.range, end.signal)) events.push(...page);
      return events;
    };
    const batch: Batch = { range, waiting: 0, end, events: read() };
    this.#gathering.set(key, batch);
    return batch;
  }
}
