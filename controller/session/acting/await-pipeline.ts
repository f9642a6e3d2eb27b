import type { Dependencies, Pipeline, Where } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';
import { tellStep } from '../step.ts';

/** Waits for the workflow's run at a commit. Answers undefined when none has ended in time. */
export async function awaitPipeline(
  snapshot: Snapshot,
  deps: Dependencies,
  where: Where,
  run: { readonly workflow: string; readonly sha: string },
  signal: AbortSignal,
): Promise<Pipeline | undefined> {
  const deadline = deps.clock.monotonicMs() + deps.timings.ciSeconds * 1000;
  let last = '';
  while (deps.clock.monotonicMs() < deadline) {
    const pipeline = await deps.source.pipeline(where, run.workflow, run.sha, signal);
    const state = pipeline?.status ?? 'not started';
    if (pipeline?.status === 'Completed') return pipeline;
    if (state !== last)
      tellStep(snapshot, deps, 'pipeline', 'Waiting', `${run.workflow} at ${run.sha.slice(0, 7)}: ${state}`);
    last = state;
    await deps.clock.sleep(deps.timings.pollMs, signal);
  }
  return undefined;
}
