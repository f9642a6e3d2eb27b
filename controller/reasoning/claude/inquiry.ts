import type { EvidenceBundle } from '../../evidence/bundle.ts';
import { type BlindSpots, blindSpotsOf } from '../blind-spots.ts';
import type { Desk } from '../desk.ts';
import type { Horizon } from '../predictions.ts';
import { examine, type Examination } from '../examine.ts';
import type { Knowledge } from '../proposals.ts';
import type { Limits, Memory } from '../reasoner.ts';
import type { ModelClient } from './model-client.ts';
import { offersOf, type Offers } from './offers.ts';

export interface ClaudeSettings {
  readonly model: string;
  /** Of one answer. */
  readonly maxTokens: number;
  /** Of one request; the answer comes on top. */
  readonly contextTokens: number;
  /** Answers in which it may look around; after them it has to answer with what it has. */
  readonly maxTurns: number;
  /** Calls of read tools in all. */
  readonly maxCalls: number;
}

export interface ClaudeOptions {
  readonly knowledge: Knowledge;
  readonly horizon: Horizon;
  readonly model: ModelClient;
  readonly settings: ClaudeSettings;
  /** By skill, how to read what it finds; ours, and so not fenced. */
  readonly guides?: ReadonlyMap<string, string>;
}

/** One diagnosis to be made: what is asked, and what there is to answer it with. */
export interface Inquiry extends ClaudeOptions {
  readonly desk: Desk;
  readonly bundle: EvidenceBundle;
  readonly memory: Memory;
  readonly limits: Limits;
  readonly offers: Offers;
  /** Graph and evidence thought through, as far as both engines need it. */
  readonly examination: Examination;
  /** What nobody saw, whatever the model says of it. */
  readonly blind: BlindSpots;
}

type Asked = Pick<Inquiry, 'desk' | 'bundle' | 'memory' | 'limits'>;

export function inquiryOf(options: ClaudeOptions, asked: Asked): Inquiry {
  const examination = examine(asked.bundle, asked.memory, options.knowledge);
  const offers = offersOf(options.knowledge, asked.bundle.graph, asked.limits);
  return { ...options, ...asked, offers, examination, blind: blindSpotsOf(examination) };
}
