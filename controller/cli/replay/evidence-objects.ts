import type { Evidence } from '../../api/kinds.ts';
import type { EvidenceBundle } from '../../evidence/bundle.ts';
import type { KeptDiagnosis } from '../../reasoning/question.ts';
import { EvidenceUnusable, unpacked } from '../../session/stores/evidence-store.ts';
import { askedOf, type Asked } from './asked.ts';

interface Content {
  readonly session: string;
  readonly iteration: number;
  readonly digest: string;
  readonly value: unknown;
}

/**
 * Each kept diagnosis with the bundle that it refers to, and the bundles that none refers to, in the order of iterations. Objects of
 * other contents and kinds are passed over.
 * @throws EvidenceUnusable when a chunk or a bundle is missing, or a digest does not fit
 */
export async function askedFrom(objects: readonly Evidence[]): Promise<readonly Asked[]> {
  const bundles = await contents(objects, 'Bundle');
  const diagnoses = await contents(objects, 'Diagnosis');
  const byDigest = new Map(bundles.map((bundle) => [bundle.digest, bundle]));
  const asked = diagnoses.map((one) => {
    // Written by the operator; its digest held.
    const { diagnosis, predictionSeconds, ...rest } = one.value as KeptDiagnosis;
    const bundle = byDigest.get(diagnosis.bundleDigest);
    if (bundle === undefined) throw new EvidenceUnusable(`the bundle ${diagnosis.bundleDigest} is not among them`);
    return {
      ...bundle,
      asked: askedOf({ ...rest, diagnosis, bundle: bundle.value as EvidenceBundle }, predictionSeconds),
    };
  });
  const answered = new Set(asked.map(({ digest }) => digest));
  const open = bundles
    .filter(({ digest }) => !answered.has(digest))
    .map((one) => ({ ...one, asked: askedOf({ bundle: one.value as EvidenceBundle }) }));
  return [...asked, ...open].toSorted(byIteration).map((one) => one.asked);
}

async function contents(
  objects: readonly Evidence[],
  content: Evidence['spec']['content'],
): Promise<readonly Content[]> {
  const chunks = objects.filter(({ spec }) => spec?.content === content).map(({ spec }) => spec);
  const groups = Map.groupBy(chunks, ({ sessionUID, digest }) => `${sessionUID} ${digest}`);
  return Promise.all([...groups.values()].map(together));
}

async function together(chunks: readonly Evidence['spec'][]): Promise<Content> {
  const [first] = chunks;
  if (first === undefined) throw new EvidenceUnusable('there are no chunks');
  const { sessionUID, iteration, digest } = first;
  const byPlace = new Map(chunks.map(({ chunk, data }) => [chunk, data]));
  const parts = Array.from({ length: first.chunks }, (_, place) => {
    const data = byPlace.get(place);
    if (data === undefined) throw new EvidenceUnusable(`chunk ${place} of ${first.chunks} of ${digest} is missing`);
    return data;
  });
  return { session: sessionUID, iteration, digest, value: JSON.parse(await unpacked(parts.join(''), digest)) };
}

function byIteration(a: Content, b: Content): number {
  return a.session < b.session ? -1 : a.session > b.session ? 1 : a.iteration - b.iteration;
}
