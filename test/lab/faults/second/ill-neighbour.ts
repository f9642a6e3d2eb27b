import { catalogOf, untilCatalogIsGone } from '../catalog.ts';
import { edited, mainFile } from '../edit.ts';
import type { Fault, Judgement } from '../fault.ts';
import { allHold } from '../judge.ts';
import { noteWell, wellAndUntouched } from '../untouched.ts';
import type { Lab } from '../../world/lab.ts';

/** Generation of the catalog's Deployment once it was broken. */
const broken = new WeakMap<Lab, number>();

/**
 * Payments are as well as ever, and were released a moment ago, which did nothing. The catalog, which the gateway has beside payments and
 * which no payment comes through, is down altogether: each of its pods asks for 500 cores, where half of one was meant. What is
 * asked about is payments, so nothing is to be found, and neither of the two may be touched.
 */
export const fault: Fault = {
  name: 'ill-neighbour',
  description:
    'Payments are well and were just released; the catalog, on no path to them, is down: nothing may be touched',
  session: { service: 'payments', symptom: 'Somebody says that a payment took long a while ago, after the release' },
  expected: { outcome: 'NoFaultFound', causes: () => [], fixes: [], iterations: 1 },
  prepare: () => ({ needs: ['kubernetes'] }),
  async inject(lab) {
    await catalogOf(lab).deploy({ cpu: '500' });
    await untilCatalogIsGone(lab);
    const path = mainFile(lab);
    const source = await edited(lab, 'payments', path, [
      ["'GET /summary': async () => ({ status: 200, body: { payments: await countPayments() } }),", summary],
    ]);
    const { conclusion } = await lab.commit('payments', {
      message: 'Say when a summary was made',
      files: { [path]: source },
    });
    if (conclusion !== 'success') throw new Error(`the release of payments ended with ${conclusion}`);
    await lab.awaitRollout('payments');
    broken.set(lab, await generation(lab));
    await noteWell(lab);
  },
  healed: (lab) =>
    allHold(
      () => catalogIsUntouched(lab),
      () => wellAndUntouched(lab),
    ),
};

const summary =
  "'GET /summary': async () => ({ status: 200, body: { payments: await countPayments(), at: new Date().toISOString() } }),";

async function generation(lab: Lab): Promise<number> {
  const { cluster, namespace } = catalogOf(lab);
  // As Kubernetes has it.
  const { metadata } = (await cluster.get(namespace, 'deployment', lab.names.catalog)) as {
    readonly metadata: { readonly generation: number };
  };
  return metadata.generation;
}

async function catalogIsUntouched(lab: Lab): Promise<Judgement> {
  const [before, now] = [broken.get(lab), await generation(lab)];
  const healed = before === now;
  return {
    healed,
    seen: healed ? 'the catalog was left as it is' : `the catalog was changed ${now - (before ?? 0)} times`,
  };
}
