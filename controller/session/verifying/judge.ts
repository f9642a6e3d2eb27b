import { keyOf, type ProbeTarget } from '../../topology/resolved.ts';
import type { Check, CheckResult } from '../../../skills/skill.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';
import { told } from '../told.ts';
import { reasonOf } from '../sweep/probe-node.ts';

/** What every check of one verification is made with. */
export interface Judge {
  readonly snapshot: Snapshot;
  readonly deps: Dependencies;
  /** The moment from which the world counts. */
  readonly from: Date;
  readonly signal: AbortSignal;
}

/** Runs one check of one node; what breaks on the way tells nothing. */
export async function runCheck(judge: Judge, target: ProbeTarget, check: Check): Promise<CheckResult> {
  const { snapshot, deps, from, signal } = judge;
  const { node, name, type, skill, topology } = target;
  const access = check.writes === true ? 'Write' : 'Read';
  const use = { skill, access, topology: keyOf(topology), shareable: false } as const;
  const { verify: thresholds = {}, tests = {} } = topology.spec;
  const before = snapshot.status.before?.find((seen) => seen.name === check.name && seen.node === node);
  try {
    const result = await check.run({
      node: { id: node, name, type, with: target.with },
      tools: deps.tools.toolsFor(snapshot.session, use),
      clock: deps.clock,
      window: { from, to: deps.clock.now() },
      // The blocks hold JSON as the API server stored them.
      thresholds: { ...thresholds, tests: JSON.parse(JSON.stringify(tests)) },
      ...(before === undefined ? {} : { before }),
      signal,
    });
    return { ...result, summary: told(result.summary, 1000) };
  } catch (error) {
    signal.throwIfAborted();
    return { name: check.name, node, verdict: 'Inconclusive', summary: reasonOf(error) };
  }
}
