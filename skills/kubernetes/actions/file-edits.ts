import type { ActionContext, FileEdit } from '../../skill.ts';
import { editManifest, type ManifestEdit, type ValueChange } from './manifest.ts';

/** The edited definition files, and what a person should know of those that were not edited. */
export interface FileEdits {
  readonly edits: readonly FileEdit[];
  readonly notes: readonly string[];
}

/** Writes the changes to every definition file that names the node: all of them or, where one does not fit, none. */
export async function fileEdits(
  context: ActionContext,
  deployment: string,
  changes: readonly ValueChange[],
): Promise<FileEdits> {
  const edits: FileEdit[] = [];
  const notes: string[] = [];
  for (const path of changes.length === 0 ? [] : context.manifestPaths) {
    const text = await context.readFile(path);
    context.signal.throwIfAborted();
    const edited = text === undefined ? 'missing' : editAll(text, deployment, changes);
    if (typeof edited === 'object') edits.push({ path, content: edited.text });
    else notes.push(`# ${path}: ${reasons[edited]}`);
  }
  return { edits, notes };
}

function editAll(original: string, deployment: string, changes: readonly ValueChange[]): ManifestEdit {
  let text = original;
  for (const change of changes) {
    const edited = editManifest(text, deployment, change);
    if (edited === 'unreadable') return edited;
    if (edited !== 'unchanged') ({ text } = edited);
  }
  return text === original ? 'unchanged' : { text };
}

const reasons = {
  missing: 'not in the repository',
  unreadable: 'no plain YAML of this Deployment with the values that change; not edited',
  unchanged: 'already says so',
} as const;
