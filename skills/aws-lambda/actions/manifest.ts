import { applyEdits, modify, parse } from 'jsonc-parser';
import type { Json } from '../../../controller/api/json.ts';
import { formattingOf } from '../../lib/json-format.ts';
import { objectOf, textOf } from '../../lib/reading.ts';
import type { ActionContext, FileEdit } from '../../skill.ts';

/** The values that a definition file should have, by the names of Lambda's API; null unsets a variable. */
export interface ManifestChanges {
  readonly MemorySize?: number;
  readonly Timeout?: number;
  /** Written only where the file speaks of it: it is no part of `create-function`'s input. */
  readonly ReservedConcurrentExecutions?: number;
  readonly variables: readonly { readonly name: string; readonly value: string | null }[];
}

/** The edited definition files, and what a person should know of those that were not edited. */
export interface FileEdits {
  readonly edits: readonly FileEdit[];
  readonly notes: readonly string[];
}

/** Writes the changes to every definition file that names the node. */
export async function fileEdits(context: ActionContext, changes: ManifestChanges): Promise<FileEdits> {
  const edits: FileEdit[] = [];
  const notes: string[] = [];
  for (const path of context.manifestPaths) {
    const text = await context.readFile(path);
    context.signal.throwIfAborted();
    const edited = text === undefined ? 'not in the repository' : editManifest(text, changes);
    if (typeof edited === 'object') edits.push({ path, content: edited.text });
    else notes.push(`${path}: ${edited}`);
  }
  return { edits, notes };
}

/** The text as `create-function --cli-input-json` takes it; only values that change are touched. Else why it was not edited. */
export function editManifest(original: string, changes: ManifestChanges): { readonly text: string } | string {
  if (textOf(objectOf(parse(original) as Json | undefined)['FunctionName']) === undefined) {
    return 'no definition of a function in JSON; not edited';
  }
  let text = original;
  const write = (path: string[], value: Json | undefined): void => {
    text = applyEdits(text, modify(text, path, value, { formattingOptions: formattingOf(original) }));
  };
  const { variables, ReservedConcurrentExecutions: reserved, ...sizes } = changes;
  for (const [name, value] of Object.entries(sizes)) write([name], value as number);
  if (reserved !== undefined && objectOf(parse(text) as Json)['ReservedConcurrentExecutions'] !== undefined) {
    write(['ReservedConcurrentExecutions'], reserved);
  }
  for (const { name, value } of variables) {
    const present = objectOf(objectOf(objectOf(parse(text) as Json)['Environment'])['Variables'])[name];
    if ((present ?? null) !== value) write(['Environment', 'Variables', name], value ?? undefined);
  }
  return text === original ? 'already says so' : { text };
}
