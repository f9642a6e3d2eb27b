import { noteOf } from '../../../controller/api/alert-notes.ts';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import { knowsAlert } from '../../../controller/session/alerts/write-notes.ts';

/** An alert that some map is about, as it was sent. */
export interface Expected {
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly neighbourhood: number;
  /** Whether the operator has answered for its end. */
  readonly isResolved: boolean;
}

export interface Score {
  /** Sessions that are not folded into another. */
  readonly sessions: number;
  readonly duplicates: number;
  /** Of all pairs of alerts that are in one session, the share that is of one neighbourhood. */
  readonly precision: number;
  /** Of all pairs of one neighbourhood, the share that is in one session. */
  readonly recall: number;
  /** Alerts that no session has. */
  readonly lost: number;
  /** Notes that say firing of an alert whose end was answered for. */
  readonly stale: number;
}

/** How well the sessions group the alerts; looked at from outside, by what the API server has. */
export function scoreOf(alerts: readonly Expected[], all: readonly DebugSession[]): Score {
  const sessions = all.filter(({ status }) => status?.outcome !== 'Duplicate');
  /** Alerts by session and by neighbourhood: what two have in common is in the cells. */
  const cells = new Map<string, number>();
  const bySession = new Map<string, number>();
  const byNeighbourhood = new Map<string, number>();
  let lost = 0;
  let stale = 0;
  for (const { fingerprint, startsAt, neighbourhood, isResolved } of alerts) {
    const homes = sessions.filter((session) => knowsAlert(session, fingerprint, startsAt));
    if (homes.length === 0) lost += 1;
    add(byNeighbourhood, String(neighbourhood));
    for (const home of homes) {
      add(bySession, home.metadata.uid);
      add(cells, `${home.metadata.uid} ${neighbourhood}`);
      if (isResolved && noteOf(home, fingerprint)?.status === 'firing') stale += 1;
    }
  }
  return {
    sessions: sessions.length,
    duplicates: all.length - sessions.length,
    precision: pairs(cells) / pairs(bySession),
    recall: pairs(cells) / pairs(byNeighbourhood),
    lost,
    stale,
  };
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function pairs(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
}
