import type { DebugSession, ServiceTopology } from '../api/kinds.ts';
import type { Clock } from '../kube/clock.ts';
import type { Log } from '../kube/observe.ts';
import type { Reader } from '../kube/store.ts';
import { rulesOf, type AlertRules } from '../session/alerts/rules.ts';
import type { Neighbourhoods } from '../topology/neighbourhood.ts';
import type { TopologyKey } from '../topology/resolved.ts';
import type { AlertSessions } from './alert-sessions.ts';
import { clustersOf, type Cluster } from './clusters.ts';
import type { Caller } from './callers.ts';
import { draftOf, noteFor, type Match, type Opening } from './draft.ts';
import { matchesOf } from './matching.ts';
import { planFor, type Plan, type Result, type Telling, type View } from './plan.ts';
import { SetLocks } from './set-locks.ts';
import { Turns } from './turns.ts';
import { holding, isJoinable } from './standing.ts';
import type { Alert, AlertGroup } from './webhook.ts';

export interface ReceiverOptions {
  readonly sessions: Pick<AlertSessions, 'on' | 'create' | 'note'>;
  readonly topologies: Reader<ServiceTopology>;
  readonly neighbourhoods: Neighbourhoods;
  /** The name under which sessions are created. @throws ApiError. */
  readonly ownName: (signal: AbortSignal) => Promise<string>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What became of each alert. */
export type Outcome = Result | 'unmatched' | 'forbidden';

/** The sessions kept changing while the alerts were placed. */
export class Unsettled extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Unsettled';
  }
}

const rounds = 4;

interface Visit {
  readonly groupKey: string;
  readonly caller: Caller;
  /** Where he may open sessions, of all the namespaces that are concerned. */
  readonly allowed: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly turn: () => Promise<void>;
}

/** Places alerts in sessions: what it answers is stored. */
export class AlertReceiver {
  readonly #options: ReceiverOptions;
  readonly #locks = new SetLocks();
  readonly #turns: Turns;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#turns = new Turns(options.clock);
  }

  /**
   * All alerts of a group. Where a neighbourhood fails, the others are served all the same, and then it throws: sent again, the group changes
   * nothing where it was served. @throws AggregateError of ApiErrors, Unsettled and the signal's reason.
   */
  async receive(group: AlertGroup, caller: Caller, signal: AbortSignal): Promise<ReadonlyMap<Alert, Outcome>> {
    const outcomes = new Map<Alert, Outcome>(group.alerts.map((alert) => [alert, 'unmatched']));
    const turn = this.#turns.ofWork(signal);
    const matches = await this.#matchesOf(group, turn);
    const clusters = await clustersOf(matches, this.#options.neighbourhoods, turn);
    const allowed = await allowedIn(namespacesOf(clusters), caller);
    const visit: Visit = { groupKey: group.groupKey, caller, allowed, signal, turn };
    for (const { alert } of matches) outcomes.set(alert, 'forbidden');
    const failures: unknown[] = [];
    for (const cluster of clusters) {
      const permitted = cluster.matches.filter(({ topology }) => allowed.has(topology.metadata.namespace));
      if (permitted.length === 0) continue;
      try {
        const results = await this.#locks.with(cluster.keys, () => this.#settle(permitted, visit), signal);
        for (const [{ alert }, result] of results) outcomes.set(alert, stronger(outcomes.get(alert), result));
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not all alerts have found their session');
    return outcomes;
  }

  async #matchesOf({ alerts }: AlertGroup, turn: Visit['turn']): Promise<readonly Match[]> {
    const matches: Match[] = [];
    for (const alert of alerts) {
      await turn();
      for (const topology of matchesOf(alert, this.#options.topologies)) matches.push({ alert, topology });
    }
    return matches;
  }

  /** Until each alert is in a session that holds it. */
  async #settle(matches: readonly Match[], visit: Visit): Promise<ReadonlyMap<Match, Result>> {
    const settled = new Map<Match, Result>();
    /** Sessions that are gone, or have ended for good since they were read. */
    const past = new Set<string>();
    let open = matches;
    for (let round = 0; round < rounds && open.length > 0; round += 1) {
      const plan = await planFor(open, this.#view(visit, past));
      const held = new Set<Match>();
      for (const telling of plan.tellings) {
        for (const match of await this.#tell(telling, plan, visit, past)) held.add(match);
      }
      for (const opening of plan.openings) {
        if (await this.#open(opening, visit)) opening.matches.forEach((match) => held.add(match));
      }
      for (const [match, result] of plan.results) {
        if (held.has(match) || result === 'untracked') settled.set(match, result);
      }
      open = open.filter((match) => !settled.has(match));
    }
    if (open.length > 0) throw new Unsettled('an alert has found no session');
    return settled;
  }

  #view(visit: Visit, past: ReadonlySet<string>): View {
    const { sessions, neighbourhoods, clock } = this.#options;
    const joinable = memoised((root: TopologyKey) =>
      sessions.on(root).filter((session) => isJoinable(session) && !past.has(session.metadata.uid)),
    );
    return {
      now: clock.now(),
      turn: visit.turn,
      candidates: memoised((key: TopologyKey) =>
        [...visit.allowed].flatMap((namespace) => [...neighbourhoods.takersIn(namespace, key)].flatMap(joinable)),
      ),
      takesIn: (root, key) => neighbourhoods.takersIn(namespaceOf(root), key).has(root),
      rules: memoised((session: DebugSession) => this.#rulesOf(session)),
    };
  }

  /** The alerts that the session holds then: since the cache saw it, it may have ended or gone. */
  async #tell(
    { session, matches }: Telling,
    { results }: Plan,
    { signal }: Visit,
    past: Set<string>,
  ): Promise<readonly Match[]> {
    const now = this.#options.clock.now();
    const notes = matches.map((match) => noteFor(match, now));
    const noted = await this.#options.sessions.note(session, notes, signal);
    const isHere = noted !== undefined && isJoinable(noted);
    const held = matches.filter((match) => {
      const isNew = results.get(match) === 'joined' || results.get(match) === 'decaying';
      return isHere && (!isNew || holding(noted, match.alert, this.#rulesOf(noted), now) !== undefined);
    });
    if (held.length < matches.length) past.add(session.metadata.uid);
    return held;
  }

  #rulesOf({ metadata: { namespace }, spec }: DebugSession): AlertRules {
    return rulesOf(this.#options.topologies.get({ namespace, name: spec.topologyRef.name }));
  }

  /** False when its name is taken: by what we or another replica created and the cache has not seen, which is looked at anew. */
  async #open(opening: Opening, { groupKey, caller, signal }: Visit): Promise<boolean> {
    const { sessions, ownName, clock, log } = this.#options;
    const origin = { groupKey, reportedBy: caller.username, createdBy: await ownName(signal), now: clock.now() };
    const beside: string[] = [];
    for (let left = rounds; left > 0; left -= 1) {
      const { session, created } = await sessions.create(draftOf(opening, { ...origin, beside }), signal);
      const { namespace, name, uid } = session.metadata;
      if (created) {
        log.info('alerts opened a session', { session: `${namespace}/${name}`, uid, alerts: opening.matches.length });
        return true;
      }
      // What was folded into another one, or was restored, keeps its name and takes no alert: the next try has a name of its own.
      if (isJoinable(session)) return false;
      beside.push(uid);
    }
    return false;
  }
}

function memoised<K, V>(of: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const value = known.get(key) ?? of(key);
    known.set(key, value);
    return value;
  };
}

async function allowedIn(namespaces: ReadonlySet<string>, caller: Caller): Promise<ReadonlySet<string>> {
  const asked = await Promise.all([...namespaces].map(async (one) => [one, await caller.mayOpenIn(one)] as const));
  return new Set(asked.flatMap(([namespace, may]) => (may ? [namespace] : [])));
}

function namespacesOf(clusters: readonly Cluster[]): ReadonlySet<string> {
  return new Set(clusters.flatMap(({ keys }) => [...keys].map(namespaceOf)));
}

function namespaceOf(key: TopologyKey): string {
  return key.slice(0, key.indexOf('/'));
}

const strength: readonly Outcome[] = [
  'opened',
  'joined',
  'decaying',
  'repeated',
  'resolved',
  'untracked',
  'forbidden',
  'unmatched',
];

/** An alert that matches several maps is counted once. */
function stronger(a: Outcome = 'unmatched', b: Outcome): Outcome {
  return strength.indexOf(a) <= strength.indexOf(b) ? a : b;
}
