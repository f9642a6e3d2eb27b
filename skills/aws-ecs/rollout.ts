import { rolloutOf } from '../lib/ecs/rollout.ts';
import type { ProbeContext, Rollout } from '../skill.ts';

const states = { Completed: 'Settled', Progressing: 'Progressing', Failed: 'Failed' } as const;

/** What the service runs: the commits that image tags name, or all tags where none names one. Side-cars have neither. */
export async function rollout({ tools, node, signal }: ProbeContext): Promise<Rollout> {
  const { state, summary, images } = await rolloutOf(tools, node.with, signal);
  const commits = images.flatMap(({ commit }) => (commit === undefined ? [] : [commit]));
  const tags = images.flatMap(({ tag }) => (tag === undefined ? [] : [tag]));
  return { state: states[state], summary, versions: [...new Set(commits.length > 0 ? commits : tags)] };
}
