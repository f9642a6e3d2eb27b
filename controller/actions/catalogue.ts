import type { ActionType, Skill } from '../../skills/skill.ts';

export interface CatalogueEntry {
  readonly action: ActionType;
  readonly skill: Skill;
}

/** All actions of all skills by id. Throws for an id given twice. */
export function catalogueOf(skills: Iterable<Skill>): ReadonlyMap<string, CatalogueEntry> {
  const catalogue = new Map<string, CatalogueEntry>();
  for (const skill of skills) {
    for (const action of skill.actions) {
      if (catalogue.has(action.id)) throw new Error(`the action ${action.id} is there twice`);
      catalogue.set(action.id, { action, skill });
    }
  }
  return catalogue;
}
