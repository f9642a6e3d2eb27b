import type { DebugSession } from '../api/kinds.ts';
import { noteOf } from '../api/alert-notes.ts';
import type { AlertRules } from '../session/alerts/rules.ts';
import { keyOf, type TopologyKey } from '../topology/resolved.ts';
import type { Match, Opening } from './draft.ts';
import { standingOf, type Standing } from './standing.ts';

/** What became of an alert, in the words of the metric. */
export type Result = 'opened' | 'joined' | 'repeated' | 'decaying' | 'resolved' | 'untracked';

/** What the sessions are when the plan is made. */
export interface View {
  readonly now: Date;
  /** To be waited for before each alert, as there may be many, and many sessions that each may join. */
  turn(): Promise<void>;
  /** Sessions that an alert of this map may join. */
  candidates(topology: TopologyKey): readonly DebugSession[];
  /** Whether the graph of a session on the first map takes the second one in. */
  takesIn(root: TopologyKey, topology: TopologyKey): boolean;
  rules(session: DebugSession): AlertRules;
}

/** What one session is to be told. */
export interface Telling {
  readonly session: DebugSession;
  readonly matches: readonly Match[];
}

export interface Plan {
  readonly openings: readonly Opening[];
  readonly tellings: readonly Telling[];
  readonly results: ReadonlyMap<Match, Result>;
}

interface Draft {
  readonly openings: { readonly key: TopologyKey; readonly opening: Opening; readonly matches: Match[] }[];
  readonly tellings: Map<string, { readonly session: DebugSession; readonly matches: Match[] }>;
  readonly results: Map<Match, Result>;
}

/**
 * Which sessions the alerts of one neighbourhood join, and which are to be opened for the rest: one on the map whose alert began first,
 * for all that its graph takes in. @throws what `turn` throws.
 */
export async function planFor(matches: readonly Match[], view: View): Promise<Plan> {
  const draft: Draft = { openings: [], tellings: new Map(), results: new Map() };
  const ordered = matches.toSorted(
    (a, b) => a.alert.startsAt.localeCompare(b.alert.startsAt) || (keyOf(a.topology) < keyOf(b.topology) ? -1 : 1),
  );
  for (const match of ordered) {
    await view.turn();
    if (match.alert.status === 'resolved') placeResolved(draft, match, view);
    else placeFiring(draft, match, view);
  }
  return {
    openings: draft.openings.map(({ opening }) => opening),
    tellings: [...draft.tellings.values()],
    results: draft.results,
  };
}

/** It is told to every session that was told of its begin. */
function placeResolved(draft: Draft, match: Match, view: View): void {
  const { fingerprint, startsAt } = match.alert;
  const knowing = view.candidates(keyOf(match.topology)).filter((session) => {
    const note = noteOf(session, fingerprint);
    return note !== undefined && Date.parse(note.startsAt) <= Date.parse(startsAt);
  });
  for (const session of knowing) tell(draft, session, match);
  draft.results.set(match, knowing.length > 0 ? 'resolved' : 'untracked');
}

const results: Readonly<Record<Standing, Result>> = {
  Known: 'repeated',
  Open: 'joined',
  Window: 'joined',
  Decay: 'decaying',
};
const ranks: Readonly<Record<Standing, number>> = { Known: 0, Open: 1, Window: 2, Decay: 3 };

function placeFiring(draft: Draft, match: Match, view: View): void {
  const key = keyOf(match.topology);
  const [best] = view
    .candidates(key)
    .flatMap((session) => {
      const standing = standingOf(session, match.alert, view.rules(session), view.now);
      return standing === undefined ? [] : [{ session, standing }];
    })
    .toSorted((a, b) => ranks[a.standing] - ranks[b.standing] || older(a.session, b.session));
  if (best !== undefined) {
    tell(draft, best.session, match);
    draft.results.set(match, results[best.standing]);
    return;
  }
  const planned = draft.openings.find((one) => view.takesIn(one.key, key));
  if (planned === undefined) open(draft, key, match);
  else planned.matches.push(match);
  draft.results.set(match, planned === undefined ? 'opened' : 'joined');
}

function older(a: DebugSession, b: DebugSession): number {
  const age = a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp);
  return age || (a.metadata.name < b.metadata.name ? -1 : 1);
}

function open(draft: Draft, key: TopologyKey, match: Match): void {
  const matches: [Match, ...Match[]] = [match];
  draft.openings.push({ key, matches, opening: { topology: match.topology, matches } });
}

function tell(draft: Draft, session: DebugSession, match: Match): void {
  const { uid } = session.metadata;
  const told = draft.tellings.get(uid) ?? { session, matches: [] };
  told.matches.push(match);
  draft.tellings.set(uid, told);
}
