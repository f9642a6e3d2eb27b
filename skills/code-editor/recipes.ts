import type { Finding } from '../../controller/evidence/finding.ts';
import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { findingId } from '../lib/finding-id.ts';
import { readText, type Source } from '../lib/github/files.ts';
import { mapLimited } from '../lib/map-limited.ts';
import { listOf, objectOf, textOf, textsOf } from '../lib/reading.ts';
import type { Tools } from '../skill.ts';

/** A repair that a service's team knows of and has written into its map: what it is for, and the one edit that it is. */
export interface Recipe {
  readonly name: string;
  /** Findings of the service that call for it: one of these kinds, and with these words in what it says. */
  readonly when: { readonly kinds: readonly string[]; readonly message: string };
  readonly path: string;
  readonly find: string;
  readonly replace: string;
  readonly rationale: string;
}

export const fitsKind = 'code-editor.RecipeFits';

export const recipesSchema: JsonSchema = {
  type: 'array',
  maxItems: 10,
  description: 'Repairs that the team knows: which findings call for one, and the text that it replaces',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'when', 'path', 'find', 'replace', 'rationale'],
    properties: {
      name: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 },
      when: {
        type: 'object',
        additionalProperties: false,
        required: ['kinds'],
        properties: {
          kinds: {
            type: 'array',
            minItems: 1,
            maxItems: 20,
            items: { type: 'string', pattern: '^[a-z][-a-z0-9]*\\.[A-Z][A-Za-z]*$', maxLength: 100 },
          },
          // Plain words: a pattern of a map's author would run within the operator.
          message: { type: 'string', minLength: 1, maxLength: 300, description: 'Words, in any case of letters' },
        },
      },
      path: { type: 'string', minLength: 1, maxLength: 500 },
      find: { type: 'string', minLength: 1, maxLength: 2_000, description: 'Must stand in the file exactly once' },
      replace: { type: 'string', maxLength: 2_000 },
      rationale: { type: 'string', minLength: 1, maxLength: 300 },
    },
  },
};

export function recipesOf(parameters: JsonObject): readonly Recipe[] {
  return listOf(parameters['recipes']).map((item) => {
    const { name, when, path, find, replace, rationale } = objectOf(item);
    const { kinds, message } = objectOf(when);
    return {
      name: textOf(name) ?? '',
      when: { kinds: textsOf(kinds), message: textOf(message) ?? '' },
      path: textOf(path) ?? '',
      find: textOf(find) ?? '',
      replace: textOf(replace) ?? '',
      rationale: textOf(rationale) ?? '',
    };
  });
}

/** One Info finding for each recipe whose text stands in the source as it is now: the others have been applied or overtaken. */
export async function recipeFindings(
  node: string,
  recipes: readonly Recipe[],
  tools: Tools,
  source: Source,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const paths = [...new Set(recipes.map(({ path }) => path))];
  const texts = await mapLimited(paths, 4, (path) => readText(tools, source, path, signal));
  const textAt = new Map(paths.map((path, index) => [path, texts[index] ?? '']));
  return recipes
    .filter(({ path, find }) => (textAt.get(path) ?? '').split(find).length === 2)
    .map((recipe) => fitting(node, recipe, source));
}

function fitting(node: string, { name, path }: Recipe, { repository, ref }: Source): Finding {
  const where = `${repository.owner}/${repository.repo}`;
  return {
    id: findingId(node, fitsKind, name),
    node,
    kind: fitsKind,
    severity: 'Info',
    summary: `the map's recipe ${name} fits: what it replaces stands once in ${path} of ${where} at ${ref}`,
    value: 1,
    threshold: 1,
    unit: 'places',
    source: `get_file_contents ${where} ${ref} ${path}`,
    facts: { recipe: name, path },
  };
}
