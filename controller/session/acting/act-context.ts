import type { Plan } from '../../actions/plan.ts';
import type { ActionContext, ActionType, Skill } from '../../../skills/skill.ts';
import type { Dependencies, Where } from '../dependencies.ts';
import { graphOf, targetOf, type Snapshot } from '../snapshot.ts';

export interface Act {
  readonly action: ActionType;
  readonly skill: Skill;
  readonly context: (access: 'Read' | 'Write', signal: AbortSignal) => ActionContext;
}

/**
 * What carries out a plan's action.
 * @throws when the maps no longer have the node, or the catalogue no longer has the action.
 */
export function actOf(snapshot: Snapshot, deps: Dependencies, plan: Plan): Act {
  const entry = deps.actions.get(plan.action);
  const target = targetOf(graphOf(snapshot, deps), plan.node);
  if (entry === undefined || target === undefined)
    throw new Error(`${plan.action} at ${plan.node} is not there any more`);
  const { node, name, type } = target;
  return {
    ...entry,
    context: (access, signal) => ({
      node: { id: node, name, type, with: target.with },
      tools: deps.tools.toolsFor(snapshot.session, {
        skill: entry.skill,
        access,
        topology: plan.topology,
        shareable: false,
        unlimited: true,
      }),
      clock: deps.clock,
      signal,
      // The plan holds all that was read from the repository.
      readFile: () => Promise.resolve(undefined),
      manifestPaths: [],
    }),
  };
}

/** The repository of the map that a plan belongs to; undefined when it names none. */
export function whereOf(snapshot: Snapshot, deps: Dependencies, plan: Pick<Plan, 'topology'>): Where | undefined {
  const [namespace = '', name = ''] = plan.topology.split('/');
  const topology = deps.topologies.get(namespace, name);
  const repository = topology?.spec.source?.repository;
  if (topology === undefined || repository === undefined) return undefined;
  return { session: snapshot.session, topology, repository };
}
