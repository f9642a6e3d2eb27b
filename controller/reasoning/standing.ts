/** When something began, in seconds since the epoch, and how exactly that is known. */
export interface Onset {
  readonly at: number;
  readonly within: number;
}

/** How one unit stands, whatever that was read from: all that the ranking knows of it. */
export interface Standing {
  /** How ill it is: 0 is normal, 0.5 hurts a little, 1 breaks. */
  readonly strength: number;
  /** How much speaks for an origin in the unit itself (a known cause with a remedy, a change just before), in [0, 1]. */
  readonly local: number;
  /** How close before its onset the unit itself was changed: 1 just before, 0 not at all. */
  readonly trigger: number;
  readonly onset?: Onset;
  /** False where it could not be looked at: neither ill nor exonerated. */
  readonly seen: boolean;
}

export type Standings = ReadonlyMap<string, Standing>;

export const unseen: Standing = { strength: 0, local: 0, trigger: 0, seen: false };
