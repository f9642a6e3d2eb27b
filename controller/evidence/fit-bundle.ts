import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { EvidenceBundle, NodeEvidence } from './bundle.ts';
import { canonicalJson } from './canonical.ts';
import type { Gap } from './finding.ts';

/** Bytes of a bundle's canonical JSON, compressed. */
export const mostBundle = 2 ** 20;

type Part = 'series' | 'logTemplates' | 'changes';

/** What gives way first: of nodes that are well before those that are ill, and figures before words. Findings and gaps never do. */
const stages: readonly (readonly [Part, 'Well' | 'Any'])[] = [
  ['series', 'Well'],
  ['logTemplates', 'Well'],
  ['series', 'Any'],
  ['logTemplates', 'Any'],
  ['changes', 'Well'],
];

const zip = promisify(gzip);

/** The bundle within its bound: what there is no room for goes, stage by stage, and is said among what was left out. */
export async function fittedBundle(bundle: EvidenceBundle, most = mostBundle): Promise<EvidenceBundle> {
  let fitted = bundle;
  for (const [part, which] of stages) {
    if (await fits(fitted, most)) return fitted;
    fitted = without(fitted, part, which === 'Well' ? isWell : () => true);
  }
  return fitted;
}

async function fits(bundle: EvidenceBundle, most: number): Promise<boolean> {
  const text = canonicalJson(bundle);
  // Most are far too small to need the look.
  return Buffer.byteLength(text) <= most || (await zip(text, { level: 6 })).length <= most;
}

function isWell({ health }: NodeEvidence): boolean {
  return health === 'Healthy';
}

function without(bundle: EvidenceBundle, part: Part, goes: (node: NodeEvidence) => boolean): EvidenceBundle {
  const gone = bundle.nodes.filter((node) => node[part].length > 0 && goes(node));
  const said = gone.map((node): Gap => ({ node: node.node, what: words[part], reason: 'there is no room for it' }));
  const nodes = bundle.nodes.map((node) => (gone.includes(node) ? { ...node, [part]: [] } : node));
  return { ...bundle, nodes, leftOut: [...bundle.leftOut, ...said] };
}

const words: Readonly<Record<Part, string>> = {
  series: 'metric series',
  logTemplates: 'log messages',
  changes: 'changes',
};
