import type { EvidenceBundle } from '../../evidence/bundle.ts';
import type { Finding } from '../../evidence/finding.ts';
import { bySeverity } from '../hypotheses.ts';

const most = 60;

/** What hurts anywhere in the bundle, the worst first: what the past and a team's documents are searched by. */
export function shownIn({ nodes }: EvidenceBundle): readonly Finding[] {
  return nodes
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity !== 'Info')
    .toSorted(bySeverity)
    .slice(0, most);
}
