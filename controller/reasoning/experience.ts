import type { Fix, Precedent } from './reasoner.ts';

/** What is remembered moves a fix by this share at most, up or down: between near rivals it decides, against clear evidence it does not. */
const sway = 0.25;

/** How a fix of this kind of cause fared in sessions much like this one, as a factor around 1, weighed by how like they were. */
export function experienceOf(fix: Fix, cause: string, precedents: readonly Precedent[] = []): number {
  const balance = alike(cause, precedents).reduce(
    (sum, { worked, failed, likeness }) =>
      sum + likeness * (Number(worked.includes(fix.signature)) - Number(failed.includes(fix.signature))),
    0,
  );
  return 1 + sway * Math.min(1, Math.max(-1, balance));
}

/** The fix, and in which of those sessions it helped, for whoever reads why it was chosen. */
export function withExperience(fix: Fix, cause: string, precedents: readonly Precedent[] = []): Fix {
  const likest = alike(cause, precedents).find(({ worked }) => worked.includes(fix.signature));
  return likest === undefined ? fix : { ...fix, rationale: `${fix.rationale} (it helped in ${likest.session})` };
}

function alike(cause: string, precedents: readonly Precedent[]): readonly Precedent[] {
  return precedents.filter(({ rootCause }) => rootCause.kind === cause);
}
