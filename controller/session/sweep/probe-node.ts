import type { DebugSession } from '../../api/kinds.ts';
import type { NodeEvidence } from '../../evidence/bundle.ts';
import type { ProbeResult } from '../../evidence/finding.ts';
import { healthOf, worstOf } from '../../evidence/health.ts';
import { ToolTimeout } from '../../mcp/errors.ts';
import { redactJson } from '../../redaction/redact-json.ts';
import { keyOf, type ProbeTarget } from '../../topology/resolved.ts';
import { DeadlineExceeded, withDeadline } from '../deadline.ts';
import type { Dependencies } from '../dependencies.ts';
import { redactedTools } from './redacted-tools.ts';
import type { ProbeWindow } from '../../../skills/lib/time.ts';
import { told } from '../told.ts';

/** How a sweep looks. */
export interface Look {
  readonly window: ProbeWindow;
  readonly shareable: boolean;
}

export interface Probed {
  readonly evidence: NodeEvidence;
  /** Nothing is known of the node because no answer came in time: another look may see it. */
  readonly late: boolean;
}

/** Probes one node within its own deadline. Never throws but for an abort of the whole sweep: what goes wrong makes the node Unknown. */
export async function probeNode(
  session: DebugSession,
  target: ProbeTarget,
  look: Look,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<Probed> {
  const began = deps.clock.monotonicMs();
  const limitMs = deps.timings.probeSeconds * 1000;
  let late = false;
  const evidence = await withDeadline(deps.clock, limitMs, signal, (bounded) =>
    probed(session, target, look, deps, bounded),
  ).catch((error: unknown) => {
    signal.throwIfAborted();
    const overrun = error instanceof DeadlineExceeded;
    late = overrun || error instanceof ToolTimeout;
    return unknown(target.node, overrun ? `no answer within ${deps.timings.probeSeconds} s` : reasonOf(error));
  });
  const took = { ...evidence, tookMs: Math.round(deps.clock.monotonicMs() - began) };
  tell(session, target, took, deps);
  return { evidence: took, late };
}

async function probed(
  session: DebugSession,
  target: ProbeTarget,
  look: Look,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<NodeEvidence> {
  const { node, name, type, skill } = target;
  if (skill.probe === undefined) return seen(node, []);
  const tools = deps.tools.toolsFor(session, {
    skill,
    access: 'Read',
    topology: keyOf(target.topology),
    shareable: look.shareable,
  });
  const shown = { id: node, name, type, with: target.with };
  const context = { node: shown, tools: redactedTools(tools), clock: deps.clock, window: look.window };
  const result = await skill.probe({ ...context, signal });
  // Here and not with the bundle alone: what a verification sees goes into the status. Redaction keeps the shape of what it goes through.
  const safe = redactJson(result) as ProbeResult;
  return { ...seen(node, safe.findings), ...safe, node, health: healthOf(safe.findings) };
}

function seen(node: string, findings: NodeEvidence['findings']): NodeEvidence {
  return { node, health: healthOf(findings), findings, series: [], changes: [], logTemplates: [], gaps: [], tookMs: 0 };
}

export function unknown(node: string, reason: string): NodeEvidence {
  return { ...seen(node, []), health: 'Unknown', gaps: [{ node, what: 'the whole node', reason }] };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? told(`${error.name}: ${error.message}`, 400) : 'failed';
}

function tell(session: DebugSession, target: ProbeTarget, evidence: NodeEvidence, deps: Dependencies): void {
  const message = worstOf(evidence.findings)?.summary ?? evidence.gaps[0]?.reason ?? '';
  deps.progress.publish(session.metadata.uid, {
    at: deps.clock.now().toISOString(),
    iteration: session.status?.iteration ?? 1,
    phase: session.status?.phase ?? 'Sweeping',
    kind: 'Probe',
    subject: target.node,
    state: evidence.health,
    message: `${target.skill.id}, ${evidence.tookMs} ms${message === '' ? '' : `: ${message}`}`,
  });
}
