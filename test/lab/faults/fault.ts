import type { JsonObject } from '../../../controller/api/json.ts';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import type { Lab } from '../world/lab.ts';
import type { MapRole, ServiceRole, WorldNames } from '../world/names.ts';
import type { LabPart } from '../world/parts.ts';
import type { Definitions } from '../world/repositories.ts';

/**
 * A fault: how a healthy lab is broken, what is then true, and how an onlooker tells that it works again. A file exports one as
 * `fault` (or as its default). See docs/faults.md.
 */
export interface Fault {
  /** Lower-case words joined by hyphens. */
  readonly name: string;
  /** One sentence for `npm start -- --list`. */
  readonly description: string;
  readonly session: SessionOrder;
  readonly expected: Expectation;
  /** What differs from the usual world before it starts. */
  prepare?(names: WorldNames): Preparation;
  /** Gates that the lab's approver opens when a session asks; what else it asks stays open. */
  readonly approves?: readonly Gate[];
  /** Breaks the lab. Resolves when the symptom shows from outside, so that the session begins on a broken world. */
  inject(lab: Lab): Promise<void>;
  /** Judges from outside, under load, never through the operator: do users get what they should, as they should? */
  healed(lab: Lab): Promise<Judgement | boolean>;
}

/** Of an Approval that a plan waits for. */
export type Gate = NonNullable<NonNullable<NonNullable<DebugSession['status']>['plan']>['gate']>;

/** The DebugSession that is applied. */
export interface SessionOrder {
  /** The service that the symptom is reported on. */
  readonly service: MapRole;
  /** What a person would write. */
  readonly symptom: string;
  /** `Fix` without it. `--mode` goes before. */
  readonly mode?: 'Diagnose' | 'Propose' | 'Fix';
}

/** What is true of the fault, by which a run is judged. */
export interface Expectation {
  readonly outcome: 'Fixed' | 'NoFaultFound' | 'Escalated' | 'Inconclusive';
  /** Any of these is the true cause; none where nothing is wrong. */
  causes(names: WorldNames): readonly Cause[];
  /** Ids of actions, any of which is a right repair. */
  readonly fixes: readonly string[];
  /** Where the action does not tell a right repair from a wrong one, what it is applied to does. */
  isRight?(fix: ProposedFix): boolean;
  /** Most iterations that a good session takes. */
  readonly iterations?: number;
}

/** A fix as a session's status tells of it. */
export interface ProposedFix {
  readonly action: string;
  /** As JSON. */
  readonly parameters?: string;
  readonly rationale?: string;
}

/** A root cause as a session reports it. */
export interface Cause {
  /** Id of the node: `<service>/<name>` of the map that owns it. */
  readonly node: string;
  /** `<skill>.<Cause>`; any kind on that node without it. */
  readonly kind?: string;
}

export interface Preparation {
  /** Parts of the lab beyond the usual ones. */
  readonly needs?: readonly LabPart[];
  /** Users' requests a second; four without it. */
  readonly requestsPerSecond?: number;
  /** Memory and environment of the services, as the first commit has them. */
  readonly definitions?: Definitions;
  /** Files of a repository's first commit that are not the usual ones. */
  files?(role: ServiceRole): Readonly<Record<string, string>>;
  /** Ids of the actions that the maps allow; all known ones without it. */
  readonly actions?: readonly string[];
  /** Repairs that the service's team knows of, for its map: parameters of a code-editor node in the place of the settings' reader. */
  recipes?(role: ServiceRole): readonly JsonObject[];
}

export interface Judgement {
  readonly healed: boolean;
  /** What was seen, with figures. */
  readonly seen: string;
}

/** A judgement, whichever of its two forms the fault's file gave. */
export function judgementOf(given: Judgement | boolean): Judgement {
  return typeof given === 'boolean' ? { healed: given, seen: given ? 'healed' : 'not healed' } : given;
}

/** Whether a reported root cause is one of the true ones. */
export function isTrueCause(causes: readonly Cause[], reported: Cause | undefined): boolean {
  if (reported === undefined) return causes.length === 0;
  return causes.some(({ node, kind }) => node === reported.node && (kind === undefined || kind === reported.kind));
}
