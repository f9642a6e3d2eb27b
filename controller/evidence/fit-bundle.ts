import { gzip, gzipSync } from 'node:zlib';
import { promisify } from 'node:util';
import type { EvidenceBundle, NodeEvidence } from './bundle.ts';
import { canonicalJson } from './canonical.ts';
import type { Gap } from './finding.ts';

/** Bytes of canonical JSON, compressed: of one bundle, and of all bundles of a session. */
const most = { bundle: 2 ** 20, session: 4 * 2 ** 20 };

export interface FittedBundle {
  readonly bundle: EvidenceBundle;
  /** Of its canonical JSON, compressed. */
  readonly bytes: number;
}

/** Bytes for one more bundle beside those that the session keeps: a quarter of what is left, so that there is room however often it looks again. */
export function roomForBundle(keptBytes: number): number {
  return Math.max(0, Math.floor((most.session - keptBytes) / (most.session / most.bundle)));
}

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
const options = { level: 6 };
/** Characters that are compressed in a few milliseconds: waiting for a thread would take longer. */
const few = 256 * 1024;

/** The bundle within its room: what there is none for goes, stage by stage, and is said among what was left out. */
export async function fittedBundle(bundle: EvidenceBundle, room: number): Promise<FittedBundle> {
  let fitted = await sized(bundle);
  for (const [part, which] of stages) {
    if (fitted.bytes <= room) return fitted;
    fitted = await sized(without(fitted.bundle, part, which === 'Well' ? isWell : () => true));
  }
  return fitted;
}

async function sized(bundle: EvidenceBundle): Promise<FittedBundle> {
  const text = canonicalJson(bundle);
  const zipped = text.length <= few ? gzipSync(text, options) : await zip(text, options);
  return { bundle, bytes: zipped.length };
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
