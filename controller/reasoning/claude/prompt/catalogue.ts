import { canonicalJson } from '../../../evidence/canonical.ts';
import type { Knowledge } from '../../proposals.ts';

/** The actions with their schemas, and the causes that skills know: the same in every session of an operator. */
export function catalogueText(knowledge: Knowledge): string {
  return `# Actions\n\n${actionsText(knowledge)}\n\n# Known causes\n\n${causesText(knowledge)}`;
}

function actionsText({ actions }: Knowledge): string {
  const lines = [...actions.values()].map(
    ({ action }) => `${action.id} (${action.class}): ${action.title}. Parameters: ${canonicalJson(action.parameters)}`,
  );
  return lines.toSorted().join('\n');
}

function causesText({ skills }: Knowledge): string {
  const lines = [...skills.values()].flatMap(({ remedies }) =>
    remedies.map(({ cause, forKinds }) => `${cause}: ${[...forKinds].toSorted().join(', ')}`),
  );
  return [...new Set(lines)].toSorted().join('\n');
}
