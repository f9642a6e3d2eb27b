import type { Finding } from '../evidence/finding.ts';
import type { SuffersFrom } from './graph.ts';

/** What a unit tells of its users: this one is harmed, this one is not; undefined where it tells nothing of them. */
export type Victims = (used: string, user: string) => 'Harmed' | 'Spared' | undefined;

/** Shorter names are in too many others. */
const shortest = 4;

/**
 * Reads off the findings whom each unit harms. Systems know their clients by names of their own (an application name, a client
 * id), which mostly hold the service's name. Names that fit no user of the unit tell nothing; several findings harm whom one does.
 */
export function victimsIn(
  findings: ReadonlyMap<string, readonly Finding[]>,
  users: SuffersFrom,
  nameOf: (unit: string) => string,
): Victims {
  const harmed = new Map<string, ReadonlySet<string>>();
  for (const [used, own] of findings) {
    const hurting = own.filter(({ severity }) => severity !== 'Info');
    const names = hurting.flatMap(({ harms = [] }) => harms);
    const known = (users.get(used) ?? []).filter((user) => names.some((name) => isNameOf(name, nameOf(user))));
    // What one finding does not tell may harm anybody.
    const tellsAll = hurting.every(({ harms }) => harms !== undefined);
    if (known.length > 0 && tellsAll) harmed.set(used, new Set(known));
  }
  return (used, user) => {
    const known = harmed.get(used);
    if (known === undefined) return undefined;
    return known.has(user) ? 'Harmed' : 'Spared';
  };
}

function isNameOf(client: string, service: string): boolean {
  const [one, other] = [plain(client), plain(service)];
  return one === other || (other.length >= shortest && one.includes(other));
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
