import MiniSearch from 'minisearch';
import type { EvidenceBundle } from '../../evidence/bundle.ts';
import type { Passage } from '../reasoner.ts';
import { type Document, type Section, sectionsOf } from './passages.ts';
import { shownIn } from './shown.ts';
import { distinctTerms, termsOf } from './terms.ts';

const mostPassages = 6;
/** In characters, of all together. */
const mostText = 6000;
/** Far from the closest one is far from the question. */
const leastShare = 0.25;
/** Shorter words begin too many others. */
const shortestPrefix = 4;

/** What of the documents is closest to what was found, the closest first: 6 passages at most, of 6,000 characters together. */
export function closestPassages(documents: readonly Document[], bundle: EvidenceBundle): readonly Passage[] {
  const sections = documents.flatMap(sectionsOf);
  const search = new MiniSearch<Section & { readonly id: number }>({
    fields: ['heading', 'text'],
    tokenize: termsOf,
    processTerm: (term) => term,
    autoVacuum: false,
  });
  search.addAll(sections.map((section, id) => ({ ...section, id })));
  const found = search.search(questionOf(bundle), {
    boost: { heading: 2 },
    tokenize: (text) => text.split(' '),
    // `block` finds `blocked`.
    prefix: (term) => term.length >= shortestPrefix,
  });
  // As the documents have them, where they are equally close.
  const ranked = found.toSorted((a, b) => b.score - a.score || Number(a.id) - Number(b.id));
  const close = ranked.filter(({ score }) => score >= leastShare * (ranked[0]?.score ?? 0));
  return fitting(close.flatMap(({ id }) => sections[Number(id)] ?? []));
}

/** The symptom, what was found, and what the logs of ill nodes say. */
function questionOf(bundle: EvidenceBundle): string {
  const shown = shownIn(bundle);
  const ill = new Set(shown.map(({ node }) => node));
  const told = shown.flatMap(({ kind, node, summary }) => [kind, node, summary]);
  const logs = bundle.nodes
    .filter(({ node }) => ill.has(node))
    .flatMap(({ logTemplates }) => logTemplates)
    .filter(({ level }) => level !== 'Info')
    .map(({ template }) => template);
  return distinctTerms([bundle.symptom.description, ...told, ...logs]).join(' ');
}

function fitting(sections: readonly Section[]): readonly Passage[] {
  const passages: Passage[] = [];
  let left = mostText;
  for (const { source, heading, text } of sections) {
    if (text.length > left || passages.length === mostPassages) continue;
    left -= text.length;
    passages.push({ source: heading === '' ? source : `${source}, ${heading}`, text });
  }
  return passages;
}
