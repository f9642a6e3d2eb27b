import { PlanRefused } from '../../../skills/lib/plan-refused.ts';
import type { Commit, Plan } from '../../actions/plan.ts';
import { actionDigest } from '../../actions/plan.ts';
import { plainLine } from '../../report/markdown.ts';
import type { FileEdit } from '../../../skills/skill.ts';
import { rfc3339 } from '../apply-transition.ts';
import { redact } from '../../redaction/redact.ts';
import type { Dependencies, Where } from '../dependencies.ts';
import { iterationOf, type Snapshot } from '../snapshot.ts';
import { branchOf, commitEdits, trailersOf, type WorkingTree } from '../working-tree.ts';
import { foremost, type Asked } from './gates.ts';
import { renderFix, type Fix } from './render-fix.ts';

export interface Planned {
  readonly plan: Plan;
  readonly actionDigest: string;
  readonly contentDigest: string;
  /** What a person must be asked first. */
  readonly asked: Asked | undefined;
  readonly checks: string;
  readonly risk: 'Low' | 'Medium' | 'High';
}

/**
 * Renders the diagnosis' fix against the live system, runs the repository's checks on a code fix and holds it against the
 * review gate, then freezes all of it. Nothing outside is written.
 * @throws PlanRefused when this fix cannot or may not be made.
 */
export async function makePlan(
  snapshot: Snapshot,
  deps: Dependencies,
  fix: Fix,
  signal: AbortSignal,
): Promise<Planned> {
  const { action, jurisdiction, parameters, rendered, affected, asked, where, tree } = await renderFix(
    snapshot,
    deps,
    fix,
    signal,
  );
  const frozenAt = rfc3339(deps.clock.now());
  const built = fix.class === 'Code' ? await tree() : undefined;
  const commit =
    where !== undefined && built !== undefined
      ? await commitOf(snapshot, deps, { where, tree: built, fix, edits: rendered.edits, date: frozenAt }, signal)
      : undefined;
  const checked = await checksOf(deps, where, commit, signal);
  const plan: Plan = {
    action: fix.action,
    class: fix.class,
    node: fix.node,
    topology: jurisdiction.key,
    parameters,
    signature: fix.signature,
    target: rendered.target,
    frozen: rendered.frozen,
    edits: rendered.edits,
    // For people alone: what is changed is in what is frozen and in the edits.
    diff: redact(rendered.diff),
    affected,
    iteration: iterationOf(snapshot),
    bundleDigest: digestOfEvidence(snapshot),
    frozenAt,
    ...(commit === undefined ? {} : { commit }),
  };
  const contentDigest = await deps.evidence.save(snapshot.session, plan.iteration, 'Plan', plan, signal);
  return {
    plan,
    actionDigest: actionDigest(plan),
    contentDigest,
    asked: foremost([...asked, ...checked.asked, ...disagreement(snapshot)]),
    checks: checked.summary,
    risk: action.risk,
  };
}

function digestOfEvidence({ status }: Snapshot): string {
  return status.sweep?.bundleDigest ?? '';
}

interface CommitInput {
  readonly where: Where;
  readonly tree: WorkingTree;
  readonly fix: Fix;
  readonly edits: readonly FileEdit[];
  readonly date: string;
}

async function commitOf(
  snapshot: Snapshot,
  deps: Dependencies,
  { where, tree, fix, edits, date }: CommitInput,
  signal: AbortSignal,
): Promise<Commit> {
  const subject = plainLine(fix.rationale ?? fix.action, 72);
  const cause = plainLine(snapshot.status.diagnosis?.rootCause?.summary ?? '', 1000);
  const change = { parent: tree.parent, edits: await commitEdits(tree, deps, where, edits, signal) };
  return {
    branch: branchOf(snapshot),
    ...change,
    message: `${subject}\n\n${cause}`.trim(),
    trailers: trailersOf(snapshot, fix.action, change),
    date,
  };
}

/** Two engines say different things: a person decides whose fix is tried. */
function disagreement({ status }: Snapshot): readonly Asked[] {
  const { engine, otherOpinion } = status.diagnosis ?? {};
  if (otherOpinion === undefined) return [];
  return [{ gate: 'Disagreement', reason: `${engine} and ${otherOpinion.engine} disagree` }];
}

interface Checked {
  readonly summary: string;
  readonly asked: readonly Asked[];
}

/**
 * The repository's own checks, on the tree as the commit will leave it. What failed before it as well says nothing of the fix: then a person
 * looks first.
 * @throws PlanRefused where the fix makes them fail.
 */
async function checksOf(
  deps: Dependencies,
  where: Where | undefined,
  commit: Commit | undefined,
  signal: AbortSignal,
): Promise<Checked> {
  const checks = where?.topology.spec.source?.checks ?? [];
  if (where === undefined || commit === undefined || checks.length === 0) return { summary: '', asked: [] };
  const { parent: ref, edits } = commit;
  const after = await deps.codeChecks.run({ where, ref, edits, checks }, signal);
  if (after.passed) return { summary: after.summary, asked: [] };
  const before = await deps.codeChecks.run({ where, ref, edits: [], checks }, signal);
  if (before.passed) throw new PlanRefused('ChecksFailed', after.summary);
  const reason = "the repository's checks fail with the fix and without it";
  return { summary: `failing before the fix too: ${after.summary}`, asked: [{ gate: 'ReviewGate', reason }] };
}
