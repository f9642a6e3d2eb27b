import type { Catalog } from '../kubernetes/catalog.ts';
import type { Lab } from '../world/lab.ts';
import { burst } from '../world/traffic.ts';
import type { Judgement } from './fault.ts';

/** The service on Kubernetes, of a lab whose fault has asked for that part. */
export function catalogOf({ catalog }: Lab): Catalog {
  if (catalog === undefined) throw new Error('the lab has no cluster: the fault does not say that it needs kubernetes');
  return catalog;
}

/** Resolves when no pod serves and whoever asks is told so. */
export async function untilCatalogIsGone(lab: Lab): Promise<void> {
  const { available, url } = catalogOf(lab);
  await lab.until('the catalog to have no pod', async () => (await available()) === 0);
  await lab.until('users to see it', async () => (await burst(url, 4, 20)).errors === 4);
}

/** The users' view of the catalog: a bounded burst, and as many pods available as it has on a good day. */
export async function catalogIsServed(lab: Lab): Promise<Judgement> {
  const { available, url, usual } = catalogOf(lab);
  const [seen, pods] = [await burst(url, 40, 20), await available()];
  const healed = seen.errors === 0 && pods >= usual.replicas;
  return {
    healed,
    seen: `${seen.requests} requests, ${seen.errors} failed; ${pods} of ${usual.replicas} pods available`,
  };
}
