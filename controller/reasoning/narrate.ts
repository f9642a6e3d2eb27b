import type { Finding } from '../evidence/finding.ts';
import { onsetOf } from './abnormality.ts';
import { type NamedCause, setOffBy } from './causes.ts';
import { secondsOf } from './evidence.ts';
import type { Examination } from './examine.ts';
import { bySeverity } from './hypotheses.ts';
import type { Claim } from './reasoner.ts';

const citedAtMost = 5;

/** What is at the cause, what it did to others, and what else is ill and why that is not it. Each rests on findings. */
export function claimsFor(cause: NamedCause, chain: readonly string[], examination: Examination): readonly Claim[] {
  return [atCause(cause, examination), ...propagated(cause, chain, examination), ...others(examination, cause)].filter(
    ({ findings }) => findings.length > 0,
  );
}

function atCause(cause: NamedCause, examination: Examination): Claim {
  const { decisive, node } = cause;
  const onset = onsetOf(decisive, examination.evidence.swept);
  const change = setOffBy(cause, examination)?.change;
  const at = secondsOf(change?.at);
  const after = onset === undefined || at === undefined ? undefined : Math.max(0, Math.round(onset.at - at));
  const since = change === undefined || after === undefined ? '' : `, ${after} s after: ${change.summary}`;
  return { text: `${node}: ${decisive[0]?.summary ?? ''}${since}`, findings: idsOf(decisive) };
}

/** Along the chain, each ill unit with the one it suffers from. */
function propagated(cause: NamedCause, chain: readonly string[], examination: Examination): readonly Claim[] {
  const units = chain.map((node) => examination.graph.unitOf.get(node) ?? node);
  return [...new Set(units)]
    .filter((unit) => unit !== cause.suspect.unit)
    .flatMap((unit) => {
      const worst = worstOf(unit, examination);
      const from = cause.suspect.links.get(unit);
      if (worst.length === 0 || from === undefined) return [];
      const through = from.through.length === 0 ? '' : ` (through ${from.through.join(', ')})`;
      return [
        { text: `${unit} suffers from ${from.to}${through}: ${worst[0]?.summary ?? ''}`, findings: idsOf(worst) },
      ];
    });
}

/** What is ill and is not the cause: on the way, explained too or by itself; off the way, unrelated. */
export function others(examination: Examination, cause?: NamedCause): readonly Claim[] {
  const { path, standings } = examination;
  const onChain = cause === undefined ? new Set<string>() : new Set(unitsOnWay(cause, examination.start));
  return [...standings.keys()]
    .filter((unit) => (standings.get(unit)?.strength ?? 0) > 0 && !onChain.has(unit))
    .filter((unit) => worstOf(unit, examination).length > 0)
    .toSorted()
    .slice(0, citedAtMost)
    .map((unit) => {
      const worst = worstOf(unit, examination);
      const text = `${unit} is ill too${reasonFor(unit, path, cause)}: ${worst[0]?.summary ?? ''}`;
      return { text, findings: idsOf(worst) };
    });
}

function reasonFor(unit: string, path: Examination['path'], cause: NamedCause | undefined): string {
  if (!path.has(unit)) return ', and the symptom does not depend on it';
  if (cause === undefined) return ', and nothing on the way to the symptom suffers from it';
  const link = cause.suspect.links.get(unit);
  if (link !== undefined && link.weight >= 0.3) return `, explained by ${link.to}`;
  return ', and does not explain the rest';
}

/** The units from the symptom to the cause, as the links have it, both included. */
export function unitsOnWay({ suspect }: NamedCause, start: string): readonly string[] {
  const way = [start];
  for (let unit = start; unit !== suspect.unit;) {
    const link = suspect.links.get(unit);
    if (link === undefined) break;
    way.push(...link.through, link.to);
    unit = link.to;
  }
  return way;
}

export function worstOf(unit: string, { seen }: Examination): readonly Finding[] {
  const findings = (seen.get(unit)?.findings ?? []).filter(({ severity }) => severity !== 'Info').toSorted(bySeverity);
  return findings.filter(({ severity }) => severity === findings[0]?.severity);
}

function idsOf(findings: readonly Finding[]): readonly string[] {
  return findings.slice(0, citedAtMost).map(({ id }) => id);
}
