import type { Lab } from '../world/lab.ts';
import type { ServiceRole } from '../world/names.ts';

/** The file with one passage in the place of another. @throws when the passage is not there: a fault that changes nothing is none */
export async function edited(
  lab: Lab,
  role: ServiceRole,
  path: string,
  change: { readonly from: string; readonly to: string },
): Promise<Readonly<Record<string, string>>> {
  const before = await lab.readFile(role, path);
  if (!before.includes(change.from)) throw new Error(`${path} of ${lab.names[role]} has no ${change.from}`);
  return { [path]: before.replace(change.from, () => change.to) };
}
