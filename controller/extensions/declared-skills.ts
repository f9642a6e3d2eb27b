import type { CatalogueEntry } from '../actions/catalogue.ts';
import type { DeclaredSkill } from '../api/kinds.ts';
import type { Skill } from '../../skills/skill.ts';
import { compileSkill, type BrokenSkill } from './compile-skill.ts';

/** Where the resources are found: the operator's cache. */
export interface SkillResources {
  get(key: { readonly namespace: string; readonly name: string }): DeclaredSkill | undefined;
}

export interface DeclaredSkillsOptions {
  readonly own: ReadonlyMap<string, Skill>;
  readonly actions: ReadonlyMap<string, CatalogueEntry>;
  readonly resources: SkillResources;
}

interface Compiled {
  readonly uid: string;
  readonly generation: number;
  readonly skill: Skill | BrokenSkill;
}

/** The operator's own skills, and those that a namespace declares for its maps. */
export class DeclaredSkills {
  readonly #options: DeclaredSkillsOptions;
  readonly #compiled = new Map<string, Compiled>();

  constructor(options: DeclaredSkillsOptions) {
    this.#options = options;
  }

  /** The operator's own wins: no resource can stand in for it. */
  get(id: string, namespace: string): Skill | BrokenSkill | undefined {
    const own = this.#options.own.get(id);
    if (own !== undefined) return own;
    const resource = this.#options.resources.get({ namespace, name: id });
    if (resource !== undefined) return this.of(resource);
    this.#compiled.delete(`${namespace}/${id}`);
    return undefined;
  }

  /** Compiled once for each generation. */
  of(resource: DeclaredSkill): Skill | BrokenSkill {
    const { namespace, name, uid, generation } = resource.metadata;
    if (this.#options.own.has(name)) return { problem: `metadata.name: the operator has a skill ${name} of its own` };
    const known = this.#compiled.get(`${namespace}/${name}`);
    if (known?.uid === uid && known.generation === generation) return known.skill;
    const skill = compileSkill(resource, this.#options.actions);
    this.#compiled.set(`${namespace}/${name}`, { uid, generation, skill });
    return skill;
  }
}
