import { estimatedTokens } from './tokens.ts';

/** The parts of what is told of a session, in their order. */
export const blockNames = [
  'guides',
  'symptom',
  'graph',
  'findings',
  'changes',
  'logs',
  'series',
  'gaps',
  'memory',
  'precedents',
  'passages',
  'offers',
] as const;
export type BlockName = (typeof blockNames)[number];

/** What is told first when there is not room for all. What comes before anything else is always told. */
export const priorities = [
  'always',
  'ill',
  'change',
  'gap',
  'guide',
  'explaining',
  'precedent',
  'log',
  'series',
  'passage',
  'far',
] as const;

/** A line or more of the prompt that stays together or is left out. */
export interface Piece {
  readonly block: BlockName;
  readonly priority: (typeof priorities)[number];
  /** What it is of: a node, or a name by itself. */
  readonly of: string;
  readonly text: string;
  /** What stands for it where it does not fit. */
  readonly short?: string;
}

export interface Fitted {
  readonly told: readonly Piece[];
  /** Those that are left out, or told in short. */
  readonly leftOut: readonly Piece[];
  readonly tokens: number;
}

/** The pieces that fit, in the order in which they were given; of one priority the first come first. */
export function fit(pieces: readonly Piece[], most: number): Fitted {
  const told = new Map<Piece, string>();
  let tokens = 0;
  const tell = (piece: Piece, text: string): boolean => {
    const cost = estimatedTokens(`${text}\n`);
    if (piece.priority !== 'always' && tokens + cost > most) return false;
    tokens += cost;
    told.set(piece, text);
    return true;
  };
  const order = priorities.flatMap((priority) => pieces.filter((piece) => piece.priority === priority));
  const leftOut = order.filter((piece) => {
    if (tell(piece, piece.text)) return false;
    if (piece.short !== undefined) tell(piece, piece.short);
    return true;
  });
  const kept = pieces.flatMap((piece) => {
    const text = told.get(piece);
    return text === undefined ? [] : [{ ...piece, text }];
  });
  return { told: kept, leftOut, tokens };
}
