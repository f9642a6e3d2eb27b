import type { ServiceRole, WorldNames } from '../world/names.ts';
import { repositoryFiles, usualDefinitions } from '../world/repositories.ts';

/** One piece of text for another, in a file that has it. */
export interface Edit {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** Files of a service's first commit with these edits: how its authors had written them. @throws when a text is not there */
export function editedFiles(role: ServiceRole, names: WorldNames, edits: readonly Edit[]): Record<string, string> {
  const usual = repositoryFiles(role, names, usualDefinitions(names)[role]);
  const edited: Record<string, string> = {};
  for (const { path, from, to } of edits) edited[path] = replacedIn(path, edited[path] ?? usual[path] ?? '', from, to);
  return edited;
}

export function replacedIn(path: string, text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`${path} has no ${from} any more`);
  return text.replace(from, () => to);
}
