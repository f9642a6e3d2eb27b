import { isOfTheWorld } from '../../../evidence/undeclared.ts';
import type { NodeEvidence } from '../../../evidence/bundle.ts';
import { canonicalJson } from '../../../evidence/canonical.ts';
import type { Change, Finding, Gap, LogTemplate } from '../../../evidence/finding.ts';
import type { Inquiry } from '../inquiry.ts';
import type { Piece } from './pieces.ts';
import { seriesLine } from './series-line.ts';

/**
 * What the sweep saw: whole for nodes on the symptom's paths, the nearest first, and for ill ones; of all others in a line. Every text
 * from outside is JSON, so that none of it can look like a line of its own.
 */
export function sightingsIn(inquiry: Inquiry): readonly Piece[] {
  const { bundle } = inquiry;
  const near = bundle.nodes
    .map((evidence) => ({ evidence, hops: hopsTo(evidence, inquiry) }))
    .toSorted((a, b) => a.hops - b.hops || (a.evidence.node < b.evidence.node ? -1 : 1));
  return [
    ...near.flatMap(({ evidence, hops }) => (hops === Infinity ? [distilled(evidence)] : whole(evidence))),
    ...bundle.leftOut.map((gap) => gapPiece(gap)),
  ];
}

/** To a node that is ill and has no path to the symptom, one more than to any other. */
function hopsTo({ node, health }: NodeEvidence, { examination: { path, graph } }: Inquiry): number {
  const hops = path.get(graph.unitOf.get(node) ?? node);
  const isIll = health === 'Degraded' || health === 'Failing';
  return hops ?? (isIll ? path.size : Infinity);
}

function whole({ findings, changes, logTemplates, series, gaps, node }: NodeEvidence): readonly Piece[] {
  return [
    ...findings.filter(isOfTheWorld).map(findingPiece),
    ...changes.toSorted((a, b) => (a.at < b.at ? 1 : -1)).map(changePiece),
    ...logTemplates.map((template) => logPiece(node, template)),
    ...series.map((one): Piece => ({ block: 'series', priority: 'series', of: node, text: seriesLine(one) })),
    ...gaps.map(gapPiece),
  ];
}

function findingPiece({ node, ...finding }: Finding): Piece {
  const isIll = finding.severity !== 'Info';
  const text = canonicalJson(finding);
  const { facts: _, ...short } = finding;
  return { block: 'findings', priority: isIll ? 'ill' : 'explaining', of: node, text, short: canonicalJson(short) };
}

function changePiece({ node, ...change }: Change): Piece {
  return { block: 'changes', priority: 'change', of: node, text: canonicalJson(change) };
}

function logPiece(of: string, { sample, ...template }: LogTemplate): Piece {
  const short = canonicalJson(template);
  return { block: 'logs', priority: 'log', of, text: canonicalJson({ ...template, sample }), short };
}

function gapPiece({ node, what, reason }: Gap): Piece {
  return { block: 'gaps', priority: 'gap', of: node, text: canonicalJson({ what, reason }) };
}

function distilled({ node, health, findings, changes, logTemplates, series, gaps }: NodeEvidence): Piece {
  const kinds = [...new Set(findings.map(({ kind }) => kind))].join(', ');
  const counts = `${changes.length} changes, ${logTemplates.length} log templates, ${series.length} series, ${gaps.length} gaps`;
  const text = `not on a path to the symptom, ${health}; findings: ${kinds === '' ? 'none' : kinds}; ${counts}`;
  return { block: 'findings', priority: 'far', of: node, text };
}
