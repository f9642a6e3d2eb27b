import { PlanRefused } from '../../../skills/lib/plan-refused.ts';
import type { Plan } from '../../actions/plan.ts';
import type { ActionContext, ActionType } from '../../../skills/skill.ts';
import type { ResolvedGraph } from '../../topology/resolved.ts';
import { jurisdictionOf, type Jurisdiction } from '../allowed.ts';
import type { Dependencies, ToolUse, Where } from '../dependencies.ts';
import { graphOf, targetOf, type Snapshot } from '../snapshot.ts';
import { readMeant, workingTree, type WorkingTree } from '../working-tree.ts';

/** A fix with all that is needed to render it, or to look again at what it was rendered from. */
export interface PreparedFix {
  readonly action: ActionType;
  readonly jurisdiction: Jurisdiction;
  readonly resolved: ResolvedGraph;
  readonly context: ActionContext;
  readonly where: Where | undefined;
  /** Read when it is first asked for: most infra acts touch no file. */
  readonly tree: () => Promise<WorkingTree | undefined>;
}

/** @throws PlanRefused when this fix cannot or may not be made. */
export function prepareFix(
  snapshot: Snapshot,
  deps: Dependencies,
  fix: Pick<Plan, 'action' | 'class' | 'node'>,
  counted: Pick<ToolUse, 'unlimited' | 'uncounted'>,
  signal: AbortSignal,
): PreparedFix {
  const resolved = graphOf(snapshot, deps);
  const entry = deps.actions.get(fix.action);
  const target = targetOf(resolved, fix.node);
  const jurisdiction = jurisdictionOf(snapshot, deps, resolved, fix.action, fix.node);
  if (entry === undefined || target === undefined || jurisdiction === undefined) {
    throw new PlanRefused('NotAllowed', `${fix.action} at ${fix.node} is not allowed any more`);
  }
  const { topology } = jurisdiction;
  const repository = topology.spec.source?.repository;
  const { uncounted } = counted;
  const { session } = snapshot;
  const looked = uncounted === undefined ? {} : { uncounted };
  const where = repository === undefined ? undefined : { session, topology, repository, ...looked };
  if (fix.class === 'Code' && where === undefined) {
    throw new PlanRefused('NoSource', `the map of ${topology.spec.service} names no repository`);
  }
  let read: Promise<WorkingTree> | undefined;
  const tree = (): Promise<WorkingTree | undefined> => {
    if (where === undefined) return Promise.resolve(undefined);
    read ??= workingTree(snapshot, deps, where, signal);
    return read;
  };
  const use = { skill: entry.skill, access: 'Read', topology: jurisdiction.key, shareable: false, ...counted } as const;
  const context: ActionContext = {
    node: { id: target.node, name: target.name, type: target.type, with: target.with },
    tools: deps.tools.toolsFor(session, use),
    clock: deps.clock,
    signal,
    readFile: fileReader(tree, deps, where, signal),
    manifestPaths: manifestsOf(topology, target.name),
  };
  return { action: entry.action, jurisdiction, resolved, context, where, tree };
}

function manifestsOf(topology: Jurisdiction['topology'], node: string): readonly string[] {
  return (topology.spec.source?.manifests ?? [])
    .filter((manifest) => manifest.node === node)
    .map((manifest) => manifest.path);
}

function fileReader(
  tree: PreparedFix['tree'],
  deps: Dependencies,
  where: Where | undefined,
  signal: AbortSignal,
): (path: string) => Promise<string | undefined> {
  return async (path) => {
    const meant = await tree();
    return meant === undefined || where === undefined ? undefined : readMeant(meant, deps, where, path, signal);
  };
}
