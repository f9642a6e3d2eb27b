import { canonicalJson } from '../../../evidence/canonical.ts';
import type { GraphNode } from '../../../evidence/bundle.ts';
import type { Inquiry } from '../inquiry.ts';
import type { Piece } from './pieces.ts';

/** Where it hurts, how everything hangs together, and what may be done about it. */
export function situationOf(inquiry: Inquiry): readonly Piece[] {
  return [symptomOf(inquiry), ...graphOf(inquiry), ...offersOf(inquiry)];
}

function symptomOf({ bundle: { symptom, window, session } }: Inquiry): Piece {
  const text = canonicalJson({ ...symptom, window, sessionStartedAt: session.startedAt, iteration: session.iteration });
  return { block: 'symptom', priority: 'always', of: symptom.node, text };
}

function graphOf({ bundle: { graph, nodes } }: Inquiry): readonly Piece[] {
  const health = new Map(nodes.map((one) => [one.node, one.health]));
  const always = { block: 'graph', priority: 'always' } as const;
  return [
    ...graph.nodes.map((node) => ({ ...always, of: node.id, text: nodeLine(node, health.get(node.id)) })),
    ...graph.edges.map(({ from, to, kind }) => ({
      ...always,
      of: from,
      text: `${JSON.stringify(from)} -> ${JSON.stringify(to)} (${kind})`,
    })),
  ];
}

function nodeLine(
  { id, type, role, skill, service, with: parameters }: GraphNode,
  health = 'seen through others',
): string {
  const seen = skill === '' ? '' : `, skill ${skill}, with ${canonicalJson(parameters)}`;
  return `${JSON.stringify(id)}: ${JSON.stringify(type)}, ${role} of ${JSON.stringify(service)}, ${health}${seen}`;
}

function offersOf({ offers }: Inquiry): readonly Piece[] {
  const lines = [...offers].map(
    ([action, nodes]) => `${action}: ${nodes.map((node) => JSON.stringify(node)).join(', ')}`,
  );
  const texts = lines.length === 0 ? ['No action is allowed here: propose no fix.'] : lines;
  return texts.map((text) => ({ block: 'offers', priority: 'always', of: 'offers', text }));
}
