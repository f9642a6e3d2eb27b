import type { JsonObject } from '../../api/json.ts';
import { PlanRefused } from '../../../skills/lib/plan-refused.ts';
import { reviewContext } from '../../actions/review-context.ts';
import { reviewEdits, type Review } from '../../actions/review-gate.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../../skills/skill.ts';
import { jurisdictionOf, type Jurisdiction } from '../allowed.ts';
import type { Dependencies, Where } from '../dependencies.ts';
import { graphOf, loadBundle, targetOf, type Snapshot } from '../snapshot.ts';
import type { Status } from '../transition.ts';
import { readMeant, workingTree, type WorkingTree } from '../working-tree.ts';
import { namedIn } from './named-paths.ts';

/** A fix as the status has it. */
export type Fix = NonNullable<NonNullable<Status['diagnosis']>['fix']>;

export type Gate = NonNullable<NonNullable<Status['plan']>['gate']>;

/** A fix as it would be made: what it changes, under which map, and what a person must open first. */
export interface RenderedFix {
  readonly action: ActionType;
  readonly jurisdiction: Jurisdiction;
  readonly parameters: JsonObject;
  readonly rendered: RenderedAction;
  readonly gate: Gate | undefined;
  readonly where: Where | undefined;
  readonly tree: WorkingTree | undefined;
}

/**
 * Renders a fix against the live system and holds a code fix against the review gate. Nothing outside is written.
 * @throws PlanRefused when this fix cannot or may not be made.
 */
export async function renderFix(
  snapshot: Snapshot,
  deps: Dependencies,
  fix: Fix,
  signal: AbortSignal,
): Promise<RenderedFix> {
  const { entry, jurisdiction, context, where, tree } = await prepare(snapshot, deps, fix, signal);
  // Parameters were validated against the action's schema when the diagnosis was accepted.
  const parameters = JSON.parse(fix.parameters ?? '{}') as JsonObject;
  const rendered = await entry.action.render(context, parameters);
  const named = fix.class === 'Code' ? await namedFor(snapshot, deps, signal) : undefined;
  const review = named === undefined ? undefined : await reviewOf({ jurisdiction, fix, rendered, named }, context);
  const gate = gateOf(jurisdiction, entry.action, review);
  return { action: entry.action, jurisdiction, parameters, rendered, gate, where, tree };
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

/**
 * The gate that a person must open first: for what the review gate will not let through alone, for what is gated by its kind, for what
 * the map wants asked, and for an act that nothing makes recognisable afterwards.
 * @throws PlanRefused for what no approval can let through.
 */
function gateOf({ topology }: Jurisdiction, action: ActionType, review: Review | undefined): Gate | undefined {
  if (review?.verdict === 'Refused') throw new PlanRefused('ReviewGate', review.reasons.join('; '));
  if (review?.verdict === 'NeedsApproval') return 'ReviewGate';
  if (action.gate !== undefined) return action.gate;
  const asked = (topology.spec.policy?.approvals ?? []).includes(action.id);
  return asked || action.idempotency === 'None' ? 'RiskyAction' : undefined;
}

async function namedFor(
  snapshot: Snapshot,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<(path: string) => boolean> {
  return namedIn(await loadBundle(snapshot, deps, signal), snapshot.status.diagnosis?.chain ?? []);
}

interface Reviewed extends Pick<RenderedFix, 'jurisdiction' | 'rendered'> {
  readonly fix: Fix;
  readonly named: (path: string) => boolean;
}

async function reviewOf(
  { jurisdiction: { topology }, fix, rendered, named }: Reviewed,
  context: ActionContext,
): Promise<Review> {
  const known = { action: fix.action, schemaPaths: topology.spec.policy?.schemaPaths ?? [], named };
  return reviewEdits(rendered.edits, await reviewContext(rendered, known, (path) => context.readFile(path)));
}
