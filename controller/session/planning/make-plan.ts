import type { JsonObject } from '../../api/json.ts';
import { PlanRefused } from '../../../skills/lib/plan-refused.ts';
import type { Commit, Plan } from '../../actions/plan.ts';
import { actionDigest } from '../../actions/plan.ts';
import { reviewContext } from '../../actions/review-context.ts';
import { reviewEdits, type Review } from '../../actions/review-gate.ts';
import type { ActionContext, ActionType, FileEdit, RenderedAction } from '../../../skills/skill.ts';
import { jurisdictionOf, type Jurisdiction } from '../allowed.ts';
import { rfc3339 } from '../apply-transition.ts';
import type { Dependencies, Where } from '../dependencies.ts';
import { graphOf, iterationOf, targetOf, type Snapshot } from '../snapshot.ts';
import type { Status } from '../transition.ts';
import { branchOf, commitEdits, readMeant, trailersOf, workingTree, type WorkingTree } from '../working-tree.ts';

export interface Planned {
  readonly plan: Plan;
  readonly actionDigest: string;
  readonly contentDigest: string;
  readonly gate: NonNullable<NonNullable<Status['plan']>['gate']> | undefined;
  readonly checks: string;
  readonly risk: 'Low' | 'Medium' | 'High';
}

type Fix = NonNullable<NonNullable<Status['diagnosis']>['fix']>;

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
  const { entry, jurisdiction, context, where, tree } = await prepare(snapshot, deps, fix, signal);
  // Parameters were validated against the action's schema when the diagnosis was accepted.
  const parameters = JSON.parse(fix.parameters ?? '{}') as JsonObject;
  const rendered = await entry.action.render(context, parameters);
  const review = fix.class === 'Code' ? await reviewOf(jurisdiction, fix, rendered, context) : undefined;
  const gate = gateOf(jurisdiction, entry.action, review);
  const frozenAt = rfc3339(deps.clock.now());
  const commit =
    fix.class === 'Code' && where !== undefined && tree !== undefined
      ? await commitOf(snapshot, deps, { where, tree, fix, edits: rendered.edits, date: frozenAt }, signal)
      : undefined;
  const checks = await runChecks(deps, where, commit, signal);
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
    diff: rendered.diff,
    iteration: iterationOf(snapshot),
    bundleDigest: digestOfEvidence(snapshot),
    frozenAt,
    ...(commit === undefined ? {} : { commit }),
  };
  const contentDigest = await deps.evidence.save(snapshot.session, plan.iteration, 'Plan', plan, signal);
  return { plan, actionDigest: actionDigest(plan), contentDigest, gate, checks, risk: entry.action.risk };
}

async function prepare(snapshot: Snapshot, deps: Dependencies, fix: Fix, signal: AbortSignal) {
  const resolved = graphOf(snapshot, deps);
  const entry = deps.actions.get(fix.action);
  const target = targetOf(resolved, fix.node);
  const jurisdiction = jurisdictionOf(snapshot, deps, resolved, fix.action, fix.node);
  if (entry === undefined || target === undefined || jurisdiction === undefined) {
    throw new PlanRefused('NotAllowed', `${fix.action} at ${fix.node} is not allowed any more`);
  }
  const { topology } = jurisdiction;
  const repository = topology.spec.source?.repository;
  const where = repository === undefined ? undefined : { session: snapshot.session, topology, repository };
  if (fix.class === 'Code' && where === undefined) {
    throw new PlanRefused('NoSource', `the map of ${topology.spec.service} names no repository`);
  }
  const tree = where === undefined ? undefined : await workingTree(snapshot, deps, where, signal);
  const tools = deps.tools.toolsFor(snapshot.session, {
    skill: entry.skill,
    access: 'Read',
    topology: jurisdiction.key,
    shareable: false,
  });
  const context: ActionContext = {
    node: { id: target.node, name: target.name, type: target.type, with: target.with },
    tools,
    clock: deps.clock,
    signal,
    readFile: fileReader(tree, deps, where, signal),
    manifestPaths: manifestsOf(topology, target.name),
  };
  return { entry, jurisdiction, context, where, tree };
}

function manifestsOf(topology: Jurisdiction['topology'], node: string): readonly string[] {
  return (topology.spec.source?.manifests ?? [])
    .filter((manifest) => manifest.node === node)
    .map((manifest) => manifest.path);
}

function fileReader(
  tree: WorkingTree | undefined,
  deps: Dependencies,
  where: Where | undefined,
  signal: AbortSignal,
): (path: string) => Promise<string | undefined> {
  if (tree === undefined || where === undefined) return () => Promise.resolve(undefined);
  return (path) => readMeant(tree, deps, where, path, signal);
}

function digestOfEvidence({ status }: Snapshot): string {
  return status.sweep?.bundleDigest ?? '';
}

/**
 * The gate that a person must open first: for what the review gate will not let through alone, for what is gated by its kind, for what
 * the map wants asked, and for an act that nothing makes recognisable afterwards.
 * @throws PlanRefused for what no approval can let through.
 */
function gateOf({ topology }: Jurisdiction, action: ActionType, review: Review | undefined): Planned['gate'] {
  if (review?.verdict === 'Refused') throw new PlanRefused('ReviewGate', review.reasons.join('; '));
  if (review?.verdict === 'NeedsApproval') return 'ReviewGate';
  if (action.gate !== undefined) return action.gate;
  const asked = (topology.spec.policy?.approvals ?? []).includes(action.id);
  return asked || action.idempotency === 'None' ? 'RiskyAction' : undefined;
}

async function reviewOf(
  { topology }: Jurisdiction,
  fix: Fix,
  rendered: RenderedAction,
  context: ActionContext,
): Promise<Review> {
  const known = { action: fix.action, schemaPaths: topology.spec.policy?.schemaPaths ?? [] };
  return reviewEdits(rendered.edits, await reviewContext(rendered, known, (path) => context.readFile(path)));
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
  const subject = (fix.rationale ?? fix.action).split('\n')[0] ?? fix.action;
  const change = { parent: tree.parent, edits: await commitEdits(tree, deps, where, edits, signal) };
  return {
    branch: branchOf(snapshot),
    ...change,
    message: `${subject.slice(0, 72)}\n\n${snapshot.status.diagnosis?.rootCause?.summary ?? ''}`.trim(),
    trailers: trailersOf(snapshot, fix.action, change),
    date,
  };
}

/** The repository's own checks, on the tree as the commit will leave it. */
async function runChecks(
  deps: Dependencies,
  where: Where | undefined,
  commit: Commit | undefined,
  signal: AbortSignal,
): Promise<string> {
  const checks = where?.topology.spec.source?.checks ?? [];
  if (where === undefined || commit === undefined || checks.length === 0) return '';
  const { parent, edits } = commit;
  const result = await deps.codeChecks.run({ where, ref: parent, edits, checks }, signal);
  if (!result.passed) throw new PlanRefused('ChecksFailed', result.summary);
  return result.summary;
}
