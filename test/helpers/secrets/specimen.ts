import type { Dice } from './dice.ts';

/** A secret in its surroundings. */
export interface Specimen {
  /** What it is, for example `GitHub classic token`. */
  readonly kind: string;
  /** What it stands in, for example `shell`. */
  readonly where: string;
  readonly text: string;
  /** The part of the text that nobody may see. */
  readonly secret: string;
  /** The same where it is broken over lines. */
  readonly lines?: readonly string[];
}

/** A token that tells by itself what it is, wherever it stands. */
export interface TokenFormat {
  readonly kind: string;
  readonly make: (dice: Dice) => string;
  /** Its sensitive part; all of it without. */
  readonly secret?: (value: string) => string;
}

/** A value that only its name gives away. */
export interface NamedFormat {
  readonly kind: string;
  readonly names: readonly string[];
  readonly make: (dice: Dice) => string;
}

export interface Planted {
  readonly where: string;
  readonly text: string;
  readonly secret: string;
  readonly lines?: readonly string[];
}

/** A text of a shape of its own. */
export interface WholeFormat {
  readonly kind: string;
  readonly make: (dice: Dice) => readonly Planted[];
}
