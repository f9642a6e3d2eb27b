import type { JsonObject } from '../../api/json.ts';
import { PlanRefused } from '../../../skills/lib/plan-refused.ts';
import { reviewContext } from '../../actions/review-context.ts';
import { reviewEdits } from '../../actions/review-gate.ts';
import { blastRadius } from '../../reasoning/blast-radius.ts';
import type { RenderedAction } from '../../../skills/skill.ts';
import type { Dependencies } from '../dependencies.ts';
import { loadBundle, type Snapshot } from '../snapshot.ts';
import type { Status } from '../transition.ts';
import { policyAsks, type Asked } from './gates.ts';
import { namedIn } from './named-paths.ts';
import { prepareFix, type PreparedFix } from './prepare-fix.ts';

/** A fix as the status has it. */
export type Fix = NonNullable<NonNullable<Status['diagnosis']>['fix']>;

/** A fix as it would be made: what it changes, under which map, whom it could hurt, and what a person must be asked first. */
export interface RenderedFix extends Pick<PreparedFix, 'action' | 'jurisdiction' | 'where' | 'tree'> {
  readonly parameters: JsonObject;
  readonly rendered: RenderedAction;
  /** See `blastRadius`. */
  readonly affected: readonly string[];
  readonly asked: readonly Asked[];
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
  const prepared = prepareFix(snapshot, deps, fix, {}, signal);
  const { action, jurisdiction, resolved, context, where, tree } = prepared;
  // Parameters were validated against the action's schema when the diagnosis was accepted.
  const parameters = JSON.parse(fix.parameters ?? '{}') as JsonObject;
  const rendered = await action.render(context, parameters);
  const affected = blastRadius(resolved.graph, fix.node);
  const reviewed = fix.class === 'Code' ? await reviewAsks(snapshot, deps, prepared, rendered, signal) : [];
  const { topology } = jurisdiction;
  const judged = { ...fix, target: rendered.target, parameters, affected };
  const asked = [
    ...reviewed,
    ...unfamiliarAsks(rendered),
    ...(await policyAsks(topology, action, judged, deps, signal)),
  ];
  return { action, jurisdiction, parameters, rendered, affected, asked, where, tree };
}

/**
 * What the review gate will not let through alone.
 * @throws PlanRefused for what no approval can let through.
 */
async function reviewAsks(
  snapshot: Snapshot,
  deps: Dependencies,
  { action, jurisdiction, context }: PreparedFix,
  rendered: RenderedAction,
  signal: AbortSignal,
): Promise<readonly Asked[]> {
  const named = namedIn(await loadBundle(snapshot, deps, signal), snapshot.status.diagnosis?.chain ?? []);
  const known = { action: action.id, schemaPaths: jurisdiction.topology.spec.policy?.schemaPaths ?? [], named };
  const read = (path: string): Promise<string | undefined> => context.readFile(path);
  const review = reviewEdits(rendered.edits, await reviewContext(rendered, known, read));
  const reason = review.reasons.join('; ');
  if (review.verdict === 'Refused') throw new PlanRefused('ReviewGate', reason);
  return review.gate === undefined ? [] : [{ gate: review.gate, reason }];
}

function unfamiliarAsks({ unfamiliar = [] }: RenderedAction): readonly Asked[] {
  return unfamiliar.map((reason) => ({ gate: 'RiskyAction', reason }));
}
