import { dependentsOf, reachable, type SuffersFrom } from './graph.ts';
import { hopsFrom, type Hop } from './hops.ts';
import { background, fit, originOf } from './likelihood.ts';
import { unseen, type Standing, type Standings } from './standing.ts';
import type { Victims } from './victims.ts';

/** The unit that explains another one's illness, and how well. */
export interface Link {
  readonly to: string;
  readonly through: readonly string[];
  /** How passable the way between them is. */
  readonly way: number;
  /** How well it is explained: the way, and how onset, strength and what speaks for a cause of its own fit. */
  readonly weight: number;
}

export interface RankedUnit {
  readonly unit: string;
  /** Share of the whole probability, in [0, 1]; all ranked units together have at most 1. */
  readonly share: number;
  /** How each ill unit is explained if this one is the cause; one without a link is not. */
  readonly links: ReadonlyMap<string, Link>;
  /** Not ill: it could not be looked at. */
  readonly unseen: boolean;
}

export interface Situation {
  /** Where the symptom shows. */
  readonly start: string;
  readonly dependencies: SuffersFrom;
  readonly standings: Standings;
  /** How much of the victim's harm the cause's harm amounts to, in [0, 1]; 1 where nothing was measured. */
  readonly dose?: (victim: string, cause: string) => number;
  /** How much speaks for the user of a unit being what makes it ill, in [0, 1]. */
  readonly blame?: (used: string, user: string) => number;
  /** Whom a unit itself says it harms. */
  readonly victims?: Victims;
}

/** Of a unit where a symptom was reported and which looks well, or cannot be looked at. */
const declared = { well: 0.3, unseen: 0.6 };
/** A cause whose harm would have to pass more than that to come to the symptom has nothing to do with it. */
const faintest = 0.05;

/**
 * Ranks what may have caused the symptom. One fault is assumed; the likelihood of all that is ill under each candidate is
 * the product of how well each ill unit is explained by it (through ill units, noisy-or with a background of unrelated
 * trouble) and how well the candidate stands as an origin. So a victim ranks low (its cause stays unexplained), the deepest
 * sufficient cause high, and an origin with a known local cause is not explained away by whatever else is ill.
 */
export function rankUnits(situation: Situation): readonly RankedUnit[] {
  const scene = sceneOf(situation);
  const scored = scene.candidates
    .map((unit) => ({ unit, ...explanation(unit, scene) }))
    .filter(({ unit, links }) => reach(scene.start, unit, links) >= faintest);
  const total = scored.reduce((sum, { score }) => sum + score, 0);
  return scored
    .map(({ unit, score, links }) => ({
      unit,
      share: total === 0 ? 0 : rounded(score / total),
      links,
      unseen: !standingIn(scene, unit).seen,
    }))
    .toSorted(
      (a, b) =>
        b.share - a.share ||
        (scene.depth.get(b.unit) ?? 0) - (scene.depth.get(a.unit) ?? 0) ||
        (a.unit < b.unit ? -1 : 1),
    );
}

interface Suffering {
  readonly from: string;
  readonly hop: Hop;
}

interface Scene {
  readonly start: string;
  readonly ill: readonly string[];
  readonly candidates: readonly string[];
  readonly standings: Standings;
  readonly depth: ReadonlyMap<string, number>;
  /** By unit, the ill ones that may suffer from it, and how it comes to them. */
  readonly into: ReadonlyMap<string, readonly Suffering[]>;
  readonly dose: (victim: string, cause: string) => number;
}

function sceneOf({
  start,
  dependencies,
  standings: given,
  dose = () => 1,
  blame = () => 0,
  victims,
}: Situation): Scene {
  const standings = withDeclared(start, given);
  const dependents = dependentsOf(dependencies);
  const pressure = (used: string, user: string): number =>
    Math.max(changedShare * (standings.get(user)?.trigger ?? 0), blamedShare * blame(used, user));
  const depth = reachable(start, withPressing(dependencies, dependents, pressure));
  const onPath = [...depth.keys()].toSorted();
  const isIll = (unit: string): boolean => (standings.get(unit)?.strength ?? 0) > 0;
  const ill = onPath.filter(isIll);
  const candidates = onPath.filter((unit) =>
    unit === start ? (given.get(unit)?.strength ?? 0) > 0 : isIll(unit) || standings.get(unit)?.seen !== true,
  );
  const into = new Map<string, Suffering[]>();
  for (const from of ill) {
    const down = hopsFrom(from, dependencies, standings, victims);
    for (const [to, hop] of withPressure(from, down, dependents.get(from) ?? [], pressure)) {
      into.set(to, [...(into.get(to) ?? []), { from, hop }]);
    }
  }
  return { start, ill, candidates, standings, depth, into, dose };
}

function withDeclared(start: string, standings: Standings): Standings {
  const own = standings.get(start) ?? unseen;
  if (own.strength > 0) return standings;
  return new Map([...standings, [start, { ...own, strength: own.seen ? declared.well : declared.unseen }]]);
}

/** What a user of a unit does to it, at most: by a change of its own just before, and by what a remedy knows of it. */
const changedShare = 0.5;
const blamedShare = 0.9;

/** A user can overload or exhaust what it uses: only then does harm travel from the caller down. */
function withPressure(
  unit: string,
  hops: ReadonlyMap<string, Hop>,
  users: readonly string[],
  pressure: (used: string, user: string) => number,
): ReadonlyMap<string, Hop> {
  const all = new Map(hops);
  for (const user of users) {
    const weight = pressure(unit, user);
    if (weight > (all.get(user)?.weight ?? 0)) all.set(user, { weight, through: [] });
  }
  return all;
}

/** What a unit may suffer from, and the users that press on it. */
function withPressing(
  dependencies: SuffersFrom,
  dependents: SuffersFrom,
  pressure: (used: string, user: string) => number,
): SuffersFrom {
  const units = new Set([...dependencies.keys(), ...dependents.keys()]);
  const pressing = (unit: string): readonly string[] =>
    (dependents.get(unit) ?? []).filter((user) => pressure(unit, user) >= faintest);
  return new Map([...units].map((unit) => [unit, [...(dependencies.get(unit) ?? []), ...pressing(unit)]]));
}

function standingIn(scene: Scene, unit: string): Standing {
  return scene.standings.get(unit) ?? unseen;
}

/** What is ill between the candidate and the symptom must be ill because of it; what is ill elsewhere may be so by itself. */
function explanation(
  cause: string,
  scene: Scene,
): { readonly score: number; readonly links: ReadonlyMap<string, Link> } {
  const links = treeOf(cause, scene);
  const between = new Set(wayTo(cause, scene.start, links));
  let score = originOf(standingIn(scene, cause));
  for (const unit of scene.ill) {
    if (unit === cause) continue;
    const weight = links.get(unit)?.weight ?? 0;
    score *= between.has(unit) ? weight : 1 - (1 - weight) * (1 - background(standingIn(scene, unit)));
  }
  return { score, links };
}

/** The ill units from the symptom's to the one before the cause; empty where the cause does not come to the symptom. */
function wayTo(cause: string, start: string, links: ReadonlyMap<string, Link>): readonly string[] {
  const way: string[] = [];
  for (let unit = start; unit !== cause;) {
    const link = links.get(unit);
    if (link === undefined) return [];
    way.push(unit);
    unit = link.to;
  }
  return way;
}

/**
 * Grows the tree of what the candidate explains, always by the ill unit that fits best. One that nobody dates began no sooner than what
 * explains it.
 */
function treeOf(cause: string, scene: Scene): ReadonlyMap<string, Link> {
  const links = new Map<string, Link>();
  const open = new Map<string, Link>();
  const dated = new Map<string, Standing>();
  for (let unit: string | undefined = cause; unit !== undefined; unit = bestOf(open)) {
    const found = open.get(unit);
    if (found !== undefined) links.set(unit, found);
    open.delete(unit);
    const standing = withOnset(standingIn(scene, unit), dated.get(found?.to ?? ''));
    dated.set(unit, standing);
    for (const { from, hop } of scene.into.get(unit) ?? []) {
      if (from === cause || links.has(from)) continue;
      const fitting = fit(standingIn(scene, from), standing, scene.dose(from, unit));
      const weight = hop.weight * fitting;
      if (weight > (open.get(from)?.weight ?? 0))
        open.set(from, { to: unit, through: hop.through, way: hop.weight, weight });
    }
  }
  return links;
}

function withOnset(standing: Standing, before: Standing | undefined): Standing {
  return before?.onset === undefined ? standing : { onset: before.onset, ...standing };
}

/** The best of what could be explained next; of equals, the one found first. */
function bestOf(open: ReadonlyMap<string, Link>): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const [unit, { weight }] of open) if (weight > most + 1e-12) [best, most] = [unit, weight];
  return best;
}

/** How passable the whole way from the start to the cause is. */
function reach(start: string, cause: string, links: ReadonlyMap<string, Link>): number {
  if (start === cause) return 1;
  const way = wayTo(cause, start, links);
  return way.length === 0 ? 0 : way.reduce((weight, unit) => weight * (links.get(unit)?.way ?? 0), 1);
}

/** Beyond this, differences are those of the order of the arithmetic. */
function rounded(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
