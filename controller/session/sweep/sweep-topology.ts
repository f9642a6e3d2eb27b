import type { DebugSession } from '../../api/kinds.ts';
import type { EvidenceBundle, NodeEvidence, Symptom } from '../../evidence/bundle.ts';
import { worstOf } from '../../evidence/health.ts';
import { isOfTheWorld, undeclaredDependency } from '../../evidence/undeclared.ts';
import { redactJson } from '../../redaction/redact-json.ts';
import { keyOf, type ProbeTarget, type ResolvedGraph } from '../../topology/resolved.ts';
import type { ServiceTopology } from '../../api/kinds.ts';
import type { Dependencies } from '../dependencies.ts';
import { rfc3339 } from '../apply-transition.ts';
import type { Status } from '../transition.ts';
import { probeNode, unknown, type Look } from './probe-node.ts';
import type { Window } from '../../../skills/lib/time.ts';
import { redactHead } from '../../redaction/redact.ts';

/**
 * Looks at every node of the graph at once; takes as long as the slowest answer, at most the probes' deadline. With `secondLook` those
 * that did not answer in time are asked once more when the others no longer are.
 */
export async function sweepTopology(
  session: DebugSession,
  resolved: ResolvedGraph,
  look: Look & { readonly secondLook?: boolean },
  deps: Dependencies,
  signal: AbortSignal,
): Promise<readonly NodeEvidence[]> {
  const probe = (target: ProbeTarget) => probeNode(session, target, look, deps, signal);
  const first = await Promise.all(resolved.targets.map(probe));
  const late = resolved.targets.filter((_, index) => look.secondLook === true && first[index]?.late === true);
  const second = await Promise.all(late.map(probe));
  const byNode = new Map([...first, ...second].map(({ evidence }) => [evidence.node, evidence]));
  return resolved.graph.nodes.flatMap((node) => {
    const evidence = byNode.get(node.id);
    if (evidence !== undefined) return [evidence];
    if (node.role === 'Service') return [];
    const gap = resolved.gaps.find((candidate) => candidate.node === node.id);
    return [unknown(node.id, gap?.reason ?? 'there is no way to look at it')];
  });
}

/** What a person or alert reported, placed on the graph. */
export function symptomOf(session: DebugSession, root: ServiceTopology, resolved: ResolvedGraph): Symptom {
  const { symptom } = session.spec;
  const service = resolved.services.get(keyOf(root)) ?? root.spec.service;
  const placed = symptom?.node === undefined ? service : `${service}/${symptom.node}`;
  return {
    description: symptom?.description ?? `${root.spec.service} does not work as it should`,
    node: resolved.graph.nodes.some((node) => node.id === placed) ? placed : service,
    ...(symptom?.since === undefined ? {} : { since: symptom.since }),
    ...(symptom?.labels === undefined ? {} : { labels: symptom.labels }),
  };
}

/** The sweep's frozen result; redacted here, before anything hashes, stores or shows it. */
export function bundleOf(
  session: DebugSession,
  resolved: ResolvedGraph,
  seen: {
    readonly symptom: Symptom;
    readonly at: Date;
    readonly window: Window;
    readonly nodes: readonly NodeEvidence[];
  },
): EvidenceBundle {
  const { name, uid } = session.metadata;
  const bundle: EvidenceBundle = {
    formatVersion: 1,
    session: { name, uid, iteration: session.status?.iteration ?? 1, startedAt: startOf(session) },
    capturedAt: seen.at.toISOString(),
    window: { from: seen.window.from.toISOString(), to: seen.window.to.toISOString() },
    symptom: seen.symptom,
    graph: resolved.graph,
    nodes: seen.nodes,
    leftOut: resolved.gaps,
  };
  // Redaction keeps the shape of what it goes through.
  return redactJson(bundle) as EvidenceBundle;
}

function startOf(session: DebugSession): string {
  return session.status?.startedAt ?? session.metadata.creationTimestamp;
}

/** A line a node for the status. */
export function sweepSummary(bundle: EvidenceBundle, digest: string, endedAt: Date): NonNullable<Status['sweep']> {
  return {
    startedAt: bundle.capturedAt.replace(/\.\d+Z$/, 'Z'),
    endedAt: rfc3339(endedAt),
    bundleDigest: digest,
    ...undeclaredOf(bundle),
    nodes: bundle.nodes.map(({ node, health, gaps, ...evidence }) => {
      const findings = evidence.findings.filter(isOfTheWorld);
      const summary = redactHead(worstOf(findings)?.summary ?? gaps[0]?.reason ?? '', 300);
      return { node, health, findings: findings.length, summary };
    }),
  };
}

function undeclaredOf({ nodes }: EvidenceBundle): Pick<NonNullable<Status['sweep']>, 'undeclared'> {
  const found = nodes.flatMap(({ findings }) => findings.filter(({ kind }) => kind === undeclaredDependency));
  const undeclared = found.map(({ node, summary, facts = {} }) => {
    const { name, port, role } = facts;
    const host = typeof name === 'string' ? name : '';
    const who = typeof port === 'number' ? `${host}:${port}` : host;
    return {
      node,
      name: who.slice(0, 260),
      role: role === 'Caller' ? ('Caller' as const) : ('Called' as const),
      summary: summary.slice(0, 300),
    };
  });
  return undeclared.length === 0 ? {} : { undeclared };
}
