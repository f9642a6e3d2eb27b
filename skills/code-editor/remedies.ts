import type { Finding } from '../../controller/evidence/finding.ts';
import { settingsRemedies } from '../lib/settings/remedies/all.ts';
import { harmOf, wordsOf } from '../lib/settings/remedies/reading.ts';
import type { ProposedFix, Remedy } from '../skill.ts';
import { fitsKind, recipesOf, type Recipe } from './recipes.ts';

/** What a team has written down for this very error goes before what is only inferred. */
const fitness = 0.9;

/** A repair that the map knows for what is seen, where the source still has what it replaces. */
export const applyRecipe: Remedy = {
  id: 'code-editor.apply-recipe',
  forKinds: [fitsKind],
  cause: 'code-editor.KnownDefect',
  propose({ node, findings }) {
    const fitting = findings.filter(({ kind }) => kind === fitsKind).map(({ facts }) => facts?.['recipe']);
    return recipesOf(node.with)
      .filter(({ name }) => fitting.includes(name))
      .flatMap((recipe) => fixOf(recipe, harmOf(findings)));
  },
};

function fixOf(recipe: Recipe, harm: readonly Finding[]): readonly ProposedFix[] {
  const met = harm.find((finding) => calls(recipe, finding));
  if (met === undefined) return [];
  const { name, path, find, replace, rationale } = recipe;
  return [
    {
      action: 'code-editor.replace-text',
      parameters: { edits: [{ path, search: find, replace }] },
      rationale: `the map's recipe ${name} for ${met.kind}: ${rationale}`.slice(0, 500),
      fitness,
    },
  ];
}

function calls({ when: { kinds, message } }: Recipe, finding: Finding): boolean {
  return kinds.includes(finding.kind) && wordsOf(finding).toLowerCase().includes(message.toLowerCase());
}

export const remedies: readonly Remedy[] = [applyRecipe, ...settingsRemedies];
