import { catalogueOf, type CatalogueEntry } from '../actions/catalogue.ts';
import type { Timings } from '../config/timings.ts';
import { createCausal } from '../reasoning/causal.ts';
import type { Horizon } from '../reasoning/predictions.ts';
import type { Reasoner } from '../reasoning/reasoner.ts';
import { skills } from '../../skills/catalogue.ts';
import type { Skill } from '../../skills/skill.ts';

/** What the operator knows of systems, and the reasoner that draws on it. */
export interface Reasoning {
  readonly skills: ReadonlyMap<string, Skill>;
  readonly actions: ReadonlyMap<string, CatalogueEntry>;
  readonly reasoner: Reasoner;
}

/** How soon what a fix heals is seen to be healed. */
export function horizonOf({ predictionSeconds }: Pick<Timings, 'predictionSeconds'>): Horizon {
  return { causeSeconds: predictionSeconds, hopSeconds: Math.ceil(predictionSeconds / 3) };
}

/** Needs no cluster and no system: whoever has the evidence and these timings can make a diagnosis again, byte for byte. */
export function reasoningFor(timings: Pick<Timings, 'predictionSeconds'>): Reasoning {
  const byId = new Map(skills.map((skill) => [skill.id, skill]));
  const actions = catalogueOf(skills);
  return { skills: byId, actions, reasoner: createCausal({ skills: byId, actions }, horizonOf(timings)) };
}
