import type { Json } from '../../../controller/api/json.ts';
import type { EvidenceBundle } from '../../../controller/evidence/bundle.ts';
import { digestOf } from '../../../controller/evidence/canonical.ts';
import type { Diagnosis, Fix, Limits, Memory, Reasoner } from '../../../controller/reasoning/reasoner.ts';
import { signatureOf } from '../../../controller/reasoning/signature.ts';
import { catalogueOf } from '../../../controller/actions/catalogue.ts';
import { shopSkills } from './skills.ts';

/** A fix that the book has for a reason. */
export interface Idea {
  readonly action: string;
  readonly node: string;
  readonly parameters: { readonly [key: string]: Json };
  readonly rationale: string;
}

/** For each reason what may be done about it, best first; the reasons that come first are deeper. */
export type Book = Readonly<Record<string, readonly Idea[]>>;

const catalogue = catalogueOf(shopSkills.values());

/**
 * Reasons by looking things up: what it answers depends on the evidence and the memory alone. By default it stands in for the engine that
 * sessions ask for when they ask for none.
 */
export function bookReasoner(book: Book, engine = 'Causal'): Reasoner {
  return {
    engine,
    diagnose: (bundle, memory, limits) =>
      Promise.resolve({ engine, bundleDigest: digestOf(bundle), ...diagnosisOf(book, bundle, memory, limits) }),
  };
}

type Said = Omit<Diagnosis, 'engine' | 'bundleDigest'>;

function diagnosisOf(book: Book, bundle: EvidenceBundle, memory: Memory, limits: Limits): Said {
  const critical = bundle.nodes.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'Critical');
  const deepest = Object.keys(book)
    .flatMap((reason) => critical.filter(({ kind }) => kind === `shop.${reason}`))
    .at(0);
  const found = deepest ?? critical[0];
  const frame = { chain: [], claims: [], predictions: [], alternatives: [] };
  const gaps = bundle.nodes.filter(({ health }) => health === 'Unknown').map(({ node }) => `${node} was not seen`);
  if (found === undefined) return { ...frame, gaps, verdict: gaps.length > 0 ? 'Inconclusive' : 'NoFault' };
  const fix = fixFor(book[found.kind.replace('shop.', '')] ?? [], memory, limits);
  return {
    ...frame,
    gaps,
    verdict: 'Cause',
    rootCause: {
      node: found.node,
      kind: found.kind,
      summary: found.summary,
      confidence: deepest === undefined ? 0.5 : 0.9,
    },
    chain: [found.node],
    claims: [{ text: found.summary, findings: [found.id] }],
    predictions: [{ node: found.node, findingGone: found.kind, withinSeconds: 10 }],
    ...(fix === undefined ? {} : { fix }),
  };
}

function fixFor(ideas: readonly Idea[], memory: Memory, limits: Limits): Fix | undefined {
  for (const { action, node, parameters, rationale } of ideas) {
    const type = catalogue.get(action)?.action;
    if (type === undefined) continue;
    const signature = signatureOf(type, node, parameters);
    const tried = memory.failed.includes(signature) || memory.kept.includes(signature);
    if (!tried && limits.allowed(action, node))
      return { action, class: type.class, node, parameters, signature, rationale };
  }
  return undefined;
}
