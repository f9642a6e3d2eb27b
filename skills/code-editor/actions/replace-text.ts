import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../controller/api/json.ts';
import { contentVersion } from '../../lib/content-version.ts';
import { lineDiff } from '../../lib/line-diff.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { listOf, objectOf, textOf } from '../../lib/reading.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';

interface Replacement {
  readonly path: string;
  readonly search: string;
  readonly replace: string;
}

/**
 * Replaces pieces of text, each of which must stand in its file exactly once: what is edited is what was read.
 * `render` throws PlanRefused: FileMissing, NotFound, NotUnique, NoChange.
 */
export const replaceText: ActionType = {
  id: 'code-editor.replace-text',
  title: 'Replace text in source files',
  class: 'Code',
  risk: 'Medium',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['edits'],
    properties: {
      edits: {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['path', 'search', 'replace'],
          properties: {
            path: { type: 'string', minLength: 1, maxLength: 500 },
            search: { type: 'string', minLength: 1, maxLength: 10_000 },
            replace: { type: 'string', maxLength: 10_000 },
          },
        },
      },
    },
  },
  idempotency: 'Natural',
  direction: (parameters) => `patch:${patchId(replacementsOf(parameters))}`,
  render,
  async unchanged(context, { target, edits }) {
    return (
      (await versionOf(
        context,
        edits.map(({ path }) => path),
      )) === target.version
    );
  },
};

/** Tells two patches apart by what they take out and put in, whatever their order or the space around them. */
function patchId(edits: readonly Replacement[]): string {
  const lines = edits.map(({ path, search, replace }) => JSON.stringify([path, squeezed(search), squeezed(replace)]));
  return createHash('sha256').update(lines.toSorted(compare).join('\n')).digest('hex').slice(0, 16);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const before = new Map<string, string>();
  const after = new Map<string, string>();
  for (const edit of replacementsOf(parameters)) {
    const text = after.get(edit.path) ?? (await context.readFile(edit.path));
    if (text === undefined) throw new PlanRefused('FileMissing', `there is no ${edit.path}`);
    if (!before.has(edit.path)) before.set(edit.path, text);
    after.set(edit.path, replaced(text, edit));
  }
  const changed = [...after].filter(([path, text]) => before.get(path) !== text);
  if (changed.length === 0) throw new PlanRefused('NoChange', 'the edits change nothing');
  const paths = changed.map(([path]) => path);
  return {
    diff: changed.map(([path, text]) => lineDiff(path, before.get(path) ?? null, text)).join('\n'),
    target: {
      identity: `source:${textOf(context.node.with['repository']) ?? ''}`,
      version: await versionOf(context, paths),
    },
    frozen: { paths },
    edits: changed.map(([path, content]) => ({ path, content })),
  };
}

function replaced(text: string, { path, search, replace }: Replacement): string {
  const at = text.indexOf(search);
  if (at < 0) throw new PlanRefused('NotFound', `${path} does not hold the text`);
  if (text.indexOf(search, at + 1) >= 0) throw new PlanRefused('NotUnique', `${path} holds the text more than once`);
  return text.slice(0, at) + replace + text.slice(at + search.length);
}

async function versionOf(context: ActionContext, paths: readonly string[]): Promise<string> {
  const files: [string, string | null][] = [];
  for (const path of paths) files.push([path, (await context.readFile(path)) ?? null]);
  return contentVersion(files);
}

function replacementsOf(parameters: JsonObject): readonly Replacement[] {
  return listOf(parameters['edits']).map((edit) => {
    const { path, search, replace } = objectOf(edit);
    return { path: textOf(path) ?? '', search: textOf(search) ?? '', replace: textOf(replace) ?? '' };
  });
}
