import type { ActionContext, FileEdit } from '../../skill.ts';
import { editManifest, type ManifestChanges, type ManifestEdit } from './manifest.ts';

/** The edited definition files, and what a person should know of those that were not edited. */
export interface FileEdits {
  readonly edits: readonly FileEdit[];
  readonly notes: readonly string[];
}

/** Writes the changes, one entry a container, to every definition file that names the node. */
export async function fileEdits(context: ActionContext, changes: readonly ManifestChanges[]): Promise<FileEdits> {
  const edits: FileEdit[] = [];
  const notes: string[] = [];
  for (const path of context.manifestPaths) {
    const text = await context.readFile(path);
    context.signal.throwIfAborted();
    const edited = text === undefined ? 'missing' : editAll(text, changes);
    if (typeof edited === 'object') edits.push({ path, content: edited.text });
    else notes.push(`${path}: ${reasons[edited]}`);
  }
  return { edits, notes };
}

function editAll(original: string, changes: readonly ManifestChanges[]): ManifestEdit {
  let text = original;
  for (const change of changes) {
    const edited = editManifest(text, change);
    if (edited === 'unreadable') return edited;
    if (edited !== 'unchanged') ({ text } = edited);
  }
  return text === original ? 'unchanged' : { text };
}

const reasons = {
  missing: 'not in the repository',
  unreadable: 'no task definition in JSON with this container; not edited',
  unchanged: 'already says so',
} as const;
