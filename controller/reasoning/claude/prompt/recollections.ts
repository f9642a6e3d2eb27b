import { canonicalJson } from '../../../evidence/canonical.ts';
import type { Memory } from '../../reasoner.ts';
import type { Inquiry } from '../inquiry.ts';
import type { Piece } from './pieces.ts';

/** What was tried, here and before, what documents say, and how to read what the skills find. */
export function recollectionsOf({ memory, guides, examination }: Inquiry): readonly Piece[] {
  const { precedents = [], passages = [] } = memory;
  const skills = new Set([...examination.evidence.nodes.values()].map(({ skill }) => skill));
  const known = [...(guides ?? [])].filter(([skill]) => skills.has(skill)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...triedIn(memory),
    ...precedents.map((one): Piece => ({
      block: 'precedents',
      priority: 'precedent',
      of: one.session,
      text: canonicalJson(one),
    })),
    ...passages.map((one): Piece => ({
      block: 'passages',
      priority: 'passage',
      of: one.source,
      text: canonicalJson(one),
    })),
    ...known.map(([of, text]): Piece => ({ block: 'guides', priority: 'guide', of, text })),
  ];
}

function triedIn({ failed, kept, history }: Memory): readonly Piece[] {
  const always = { block: 'memory', priority: 'always' } as const;
  return [
    ...failed.map((signature) => ({ ...always, of: 'failed', text: `failed: ${JSON.stringify(signature)}` })),
    ...kept.map((signature) => ({ ...always, of: 'kept', text: `is live: ${JSON.stringify(signature)}` })),
    ...history.map((record) => ({ ...always, of: 'history', text: `iteration: ${canonicalJson(record)}` })),
  ];
}
