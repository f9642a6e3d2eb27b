import type { Lab } from '../world/lab.ts';
import type { ServiceRole, WorldNames } from '../world/names.ts';
import { repositoryFiles, usualDefinitions } from '../world/repositories.ts';

/** One piece of text for another, in a file that has it. */
export interface Edit {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** Path of the program that a service starts with. */
export function mainFile({ names }: Lab): string {
  return `src/${names.mainFile}`;
}

/** A source that has changed since the fault was written fails it here, and not in silence. @throws when the text is not there */
export function replacedIn(path: string, text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`${path} has no ${JSON.stringify(from)} any more`);
  return text.replace(from, () => to);
}

/** The same by a pattern. @throws when nothing fits it */
export function replaced(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`the source of the service has no ${pattern.source} any more`);
  return text.replace(pattern, by);
}

/** Text of a service's file on main with each of these texts replaced by the other. @throws where one is not there */
export async function edited(
  lab: Lab,
  role: ServiceRole,
  path: string,
  replacements: readonly (readonly [from: string, to: string])[],
): Promise<string> {
  const source = await lab.readFile(role, path);
  return replacements.reduce((text, [from, to]) => replacedIn(path, text, from, to), source);
}

/** Files of a service's first commit with these edits: how its authors had written them. @throws when a text is not there */
export function editedFiles(role: ServiceRole, names: WorldNames, edits: readonly Edit[]): Record<string, string> {
  const usual = repositoryFiles(role, names, usualDefinitions(names)[role]);
  const files: Record<string, string> = {};
  for (const { path, from, to } of edits) files[path] = replacedIn(path, files[path] ?? usual[path] ?? '', from, to);
  return files;
}
