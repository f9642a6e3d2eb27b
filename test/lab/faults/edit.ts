import type { Lab } from '../world/lab.ts';
import type { ServiceRole } from '../world/names.ts';

/** Path of the program that a service starts with. */
export function mainFile({ names }: Lab): string {
  return `src/${names.mainFile}`;
}

/** Text of a service's file with each of these texts replaced by the other. @throws where one is not there any more */
export async function edited(
  lab: Lab,
  role: ServiceRole,
  path: string,
  replacements: readonly (readonly [from: string, to: string])[],
): Promise<string> {
  const source = await lab.readFile(role, path);
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${path} of ${role} has no ${JSON.stringify(from)} any more`);
    return text.replace(from, () => to);
  }, source);
}
