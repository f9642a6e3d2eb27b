import { dependentsOf, reachable, type SuffersFrom } from './graph.ts';
import { hopsFrom, type Hop } from './hops.ts';
import { unseen, type Onset, type Standing, type Standings } from './standing.ts';

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

interface Scene {
  readonly start: string;
  readonly ill: readonly string[];
  readonly candidates: readonly string[];
  readonly standings: Standings;
  readonly depth: ReadonlyMap<string, number>;
  readonly hops: ReadonlyMap<string, ReadonlyMap<string, Hop>>;
  readonly dose: (victim: string, cause: string) => number;
}

function sceneOf({ start, dependencies, standings: given, dose = () => 1 }: Situation): Scene {
  const standings = withDeclared(start, given);
  const depth = reachable(start, dependencies);
  const onPath = [...depth.keys()].toSorted();
  const isIll = (unit: string): boolean => (standings.get(unit)?.strength ?? 0) > 0;
  const ill = onPath.filter(isIll);
  const candidates = onPath.filter((unit) =>
    unit === start ? (given.get(unit)?.strength ?? 0) > 0 : isIll(unit) || standings.get(unit)?.seen !== true,
  );
  const dependents = dependentsOf(dependencies);
  const hops = new Map(
    ill.map((unit) => [unit, withPressure(unit, hopsFrom(unit, dependencies, standings), dependents, standings)]),
  );
  return { start, ill, candidates, standings, depth, hops, dose };
}

function withDeclared(start: string, standings: Standings): Standings {
  const own = standings.get(start) ?? unseen;
  if (own.strength > 0) return standings;
  return new Map([...standings, [start, { ...own, strength: own.seen ? declared.well : declared.unseen }]]);
}

/** What is changed can overload what it uses: only then does harm travel from the caller down. */
function withPressure(
  unit: string,
  hops: ReadonlyMap<string, Hop>,
  dependents: SuffersFrom,
  standings: Standings,
): ReadonlyMap<string, Hop> {
  const all = new Map(hops);
  for (const caller of dependents.get(unit) ?? []) {
    const weight = 0.5 * (standings.get(caller)?.trigger ?? 0);
    if (weight > (all.get(caller)?.weight ?? 0)) all.set(caller, { weight, through: [] });
  }
  return all;
}

function standingIn(scene: Scene, unit: string): Standing {
  return scene.standings.get(unit) ?? unseen;
}

/** Grows the tree of what the candidate explains, always by the ill unit that fits best; the rest is background. */
function explanation(
  cause: string,
  scene: Scene,
): { readonly score: number; readonly links: ReadonlyMap<string, Link> } {
  const links = new Map<string, Link>();
  const explained = new Set([cause]);
  let score = originOf(standingIn(scene, cause));
  for (;;) {
    const best = bestLink(explained, scene);
    if (best === undefined) break;
    links.set(best.from, best.link);
    explained.add(best.from);
    score *= 1 - (1 - best.link.weight) * (1 - background(standingIn(scene, best.from)));
  }
  for (const unit of scene.ill) if (!explained.has(unit)) score *= background(standingIn(scene, unit));
  return { score, links };
}

function bestLink(explained: ReadonlySet<string>, scene: Scene): { from: string; link: Link } | undefined {
  let best: { from: string; link: Link } | undefined;
  for (const from of scene.ill) {
    if (explained.has(from)) continue;
    for (const [to, hop] of scene.hops.get(from) ?? []) {
      if (!explained.has(to)) continue;
      const weight = hop.weight * fit(standingIn(scene, from), standingIn(scene, to), scene.dose(from, to));
      if (weight > (best?.link.weight ?? 0) + 1e-12)
        best = { from, link: { to, through: hop.through, way: hop.weight, weight } };
    }
  }
  return best;
}

/** How well `victim` fits as a victim of `cause`, but for the way between them. */
function fit(victim: Standing, cause: Standing, dose: number): number {
  return Math.min(1 - 0.9 * victim.local, dose) * strengthFit(victim, cause) * order(victim.onset, cause.onset);
}

/** A small harm seldom makes a large one. */
function strengthFit(victim: Standing, cause: Standing): number {
  if (!cause.seen || cause.strength >= victim.strength) return 1;
  return 0.4 + (0.6 * cause.strength) / victim.strength;
}

const soonSeconds = 600;
const fadingSeconds = 7200;

/** A cause does not begin after its effect, and seldom long before it. */
function order(victim: Onset | undefined, cause: Onset | undefined): number {
  if (victim === undefined || cause === undefined) return 0.9;
  const lead = victim.at - cause.at;
  if (lead < -(victim.within + cause.within)) return 0.35;
  return Math.max(0.4, 1 / (1 + Math.max(0, lead - soonSeconds) / fadingSeconds));
}

/** How likely a unit is where it began, by itself. */
function originOf(standing: Standing): number {
  if (standing.strength === 0) return 0.12;
  return 0.1 + standing.strength * (0.4 + 0.5 * standing.local);
}

/** How likely it is ill for a reason that has nothing to do with the symptom. */
function background(standing: Standing): number {
  return 0.25 - 0.17 * Math.min(1, standing.strength);
}

/** How passable the whole way from the start to the cause is. */
function reach(start: string, cause: string, links: ReadonlyMap<string, Link>): number {
  let weight = 1;
  for (let unit = start; unit !== cause;) {
    const link = links.get(unit);
    if (link === undefined) return 0;
    weight *= link.way;
    unit = link.to;
  }
  return weight;
}

/** Beyond this, differences are those of the order of the arithmetic. */
function rounded(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
