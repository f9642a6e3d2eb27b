import type { EvidenceBundle, NodeEvidence } from '../../evidence/bundle.ts';
import type { ProbeTarget, ResolvedGraph } from '../../topology/resolved.ts';
import { tellStep } from '../step.ts';
import { sweepTopology } from '../sweep/sweep-topology.ts';
import { windowSince } from '../sweep/window.ts';
import { healedBy, type Healing } from './concerned.ts';
import { runCheck, type Judge } from './judge.ts';

export interface Recovery {
  /** The moment from which on the world counts: for some time before it nothing of the fault was seen. */
  readonly at: Date;
  /** False when the time that the diagnosis gives its predictions was over before. */
  readonly recovered: boolean;
}

/** Longest time that has to be clean, in milliseconds; half of what a service has to hold, where that is less. */
const longestCleanMs = 30_000;

/** What was seen before the act, and what it is to heal. */
export interface Expected {
  readonly bundle: EvidenceBundle;
  readonly healing: Healing;
}

/**
 * Waits until the fault has ebbed away along the chain. A fix heals the cause at once, but a backlog drains, retries run out and
 * caches fill after it; errors of that time are the fault's last and not those of the fix. The predictions say how long it may take.
 * `judge.from` is the moment of the act.
 */
export async function awaitRecovery(judge: Judge, resolved: ResolvedGraph, expected: Expected): Promise<Recovery> {
  const { snapshot, deps, from: acted, signal } = judge;
  const { predictions = [] } = expected.healing;
  const ailing = ailingIn(expected);
  const seconds = Math.max(0, ...predictions.map(({ withinSeconds }) => withinSeconds));
  const deadline = acted.getTime() + seconds * 1000;
  const cleanMs = Math.min(longestCleanMs, (snapshot.topology.spec.verify?.stabilizationSeconds ?? 60) * 500);
  if (ailing.size === 0 || predictions.length === 0) return { at: acted, recovered: true };
  // Sooner there is nothing to be seen yet, which is not the same as nothing wrong.
  await deps.clock.sleep(Math.max(0, acted.getTime() + cleanMs - deps.clock.now().getTime()), signal);
  for (;;) {
    const now = deps.clock.now();
    const from = new Date(now.getTime() - cleanMs);
    const left = await stillIll({ ...judge, from }, resolved, ailing);
    if (left.length === 0) return { at: now, recovered: true };
    if (deps.clock.now().getTime() >= deadline) return { at: acted, recovered: false };
    tellStep(snapshot, deps, 'recovery', 'Waiting', `${left.slice(0, 3).join(', ')} still shows the fault`);
    await deps.clock.sleep(deps.timings.pollMs, signal);
  }
}

/** By node, the kinds of findings that hurt before the act, of what the act is to heal. */
type Ailing = ReadonlyMap<string, ReadonlySet<string>>;

function ailingIn({ bundle, healing }: Expected): Ailing {
  const healed = healedBy(healing, bundle);
  const ill = bundle.nodes.filter(({ node }) => healed.has(node)).map((seen) => [seen.node, hurting(seen)] as const);
  return new Map(ill.filter(([, kinds]) => kinds.size > 0));
}

function hurting({ findings }: NodeEvidence): ReadonlySet<string> {
  return new Set(findings.filter(({ severity }) => severity !== 'Info').map(({ kind }) => kind));
}

/** The nodes that still show what they showed, fail one of their checks, or cannot be seen. */
async function stillIll(judge: Judge, resolved: ResolvedGraph, ailing: Ailing): Promise<readonly string[]> {
  const { snapshot, deps, from, signal } = judge;
  const targets = resolved.targets.filter(({ node }) => ailing.has(node));
  const graph = { nodes: resolved.graph.nodes.filter(({ id }) => ailing.has(id)), edges: [] };
  const look = { window: windowSince(from, snapshot, deps), shareable: false };
  const [nodes, failing] = await Promise.all([
    sweepTopology(snapshot.session, { ...resolved, targets, graph }, look, deps, signal),
    failingChecks(judge, targets),
  ]);
  const ill = nodes.filter((seen) => seen.health === 'Unknown' || shares(hurting(seen), ailing.get(seen.node)));
  return [...new Set([...ill.map(({ node }) => node), ...failing])];
}

function shares(now: ReadonlySet<string>, before: ReadonlySet<string> = new Set()): boolean {
  return [...now].some((kind) => before.has(kind));
}

async function failingChecks(judge: Judge, targets: readonly ProbeTarget[]): Promise<readonly string[]> {
  const quick = targets.flatMap((target) =>
    target.skill.checks.filter(({ waits }) => waits !== true).map((check) => ({ target, check })),
  );
  const results = await Promise.all(quick.map(({ target, check }) => runCheck(judge, target, check)));
  return results.filter(({ verdict }) => verdict === 'Fail').map(({ node }) => node);
}
