import type { DebugSession, Phase } from '../api/kinds.ts';
import { setReadiness, type Readiness } from '../kube/conditions.ts';
import type { Dependencies } from './dependencies.ts';
import { heldSince } from './restored.ts';
import type { Spent } from './spending.ts';
import { hasEnded, type Status, type StatusPatch, type Transition } from './transition.ts';

/** When the session wants to be looked at again. */
export interface Applied {
  readonly session: DebugSession;
  readonly again: 'Now' | 'OnChange' | { readonly afterMs: number };
}

const idleMs = 30_000;

/**
 * The only place that writes a session's status: one PUT with the resourceVersion that was read, so that whoever comes late
 * (a second leader, a stale cache) gets a Conflict and has changed nothing. Waiting writes nothing.
 */
export async function applyTransition(
  session: DebugSession,
  transition: Transition,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<Applied> {
  switch (transition.kind) {
    case 'Wait': {
      const { afterMs = idleMs, told, reason, message } = transition;
      if (told !== true) return { session, again: { afterMs } };
      const written = await write(session, {}, deps, signal, { state: 'Reconciling', reason, message });
      return { session: written, again: { afterMs } };
    }
    case 'Stall': {
      const written = await write(session, {}, deps, signal, { state: 'Stalled', ...transition.stall });
      // Told once: what is said already is no write.
      if (written !== session) deps.announce(written, { type: 'Warning', ...transition.stall });
      return { session: written, again: { afterMs: transition.afterMs ?? idleMs } };
    }
    case 'Record': {
      const written = await write(session, transition.patch, deps, signal);
      if (transition.announce !== undefined) deps.announce(written, transition.announce);
      return { session: written, again: 'Now' };
    }
    case 'Advance': {
      const { uid } = session.metadata;
      const spent = deps.spending.of(uid);
      const patch = advanced(session, transition.phase, transition.patch, deps);
      const written = await write(session, withSpent(patch, spent), deps, signal);
      deps.spending.written(uid, spent);
      deps.runner.clear(uid);
      publishPhase(written, transition, deps);
      deps.announce(written, transition.announce ?? entered(transition.phase));
      return { session: written, again: hasEnded(transition.phase) ? 'OnChange' : 'Now' };
    }
    default: {
      const never: never = transition;
      throw new TypeError(`unknown transition ${JSON.stringify(never)}`);
    }
  }
}

function entered(phase: Phase): { type: 'Normal'; reason: string; message: string } {
  return { type: 'Normal', reason: phase, message: `The session is ${phase}` };
}

function publishPhase(session: DebugSession, transition: Transition & { kind: 'Advance' }, deps: Dependencies): void {
  deps.progress.publish(session.metadata.uid, {
    at: deps.clock.now().toISOString(),
    iteration: session.status?.iteration ?? 0,
    phase: transition.phase,
    kind: 'Phase',
    subject: transition.phase,
    state: session.status?.outcome ?? 'Entered',
    message: transition.announce?.message ?? '',
  });
}

function advanced(session: DebugSession, phase: Phase, patch: StatusPatch, deps: Dependencies): StatusPatch {
  const now = rfc3339(deps.clock.now());
  const started = session.status?.startedAt ?? now;
  return {
    ...patch,
    phase,
    phaseStartedAt: now,
    startedAt: started,
    usage: { ...session.status?.usage, ...patch.usage, ...waited(session, deps) },
    ...(hasEnded(phase) ? { completedAt: now } : {}),
  };
}

/** What models were asked in a phase is counted when it ends, however it does. */
function withSpent(patch: StatusPatch, { tokens, requests }: Spent): StatusPatch {
  if (requests === 0) return patch;
  const { tokens: before = 0, modelRequests = 0 } = patch.usage ?? {};
  return { ...patch, usage: { ...patch.usage, tokens: before + tokens, modelRequests: modelRequests + requests } };
}

/** In these phases a person's time runs, which no limit counts. */
const asking: ReadonlySet<Phase> = new Set(['AwaitingApproval', 'Escalated']);

function waited({ status = {} }: DebugSession, deps: Dependencies): { readonly waitedSeconds?: number } {
  const { phase = 'Pending', phaseStartedAt, usage } = status;
  if (phaseStartedAt === undefined || !asking.has(phase)) return {};
  return { waitedSeconds: (usage?.waitedSeconds ?? 0) + secondsSince(phaseStartedAt, deps) };
}

/** A person's time runs as well while a session is held, whatever it is that ends the hold. */
function held(before: Status, after: Status, deps: Dependencies): { readonly waitedSeconds?: number } {
  const since = asking.has(before.phase ?? 'Pending') ? undefined : heldSince(before);
  if (since === undefined || heldSince(after) !== undefined) return {};
  return { waitedSeconds: (after.usage?.waitedSeconds ?? 0) + secondsSince(since, deps) };
}

function secondsSince(time: string, deps: Dependencies): number {
  return Math.max(0, Math.round((deps.clock.now().getTime() - Date.parse(time)) / 1000));
}

async function write(
  session: DebugSession,
  patch: StatusPatch,
  deps: Dependencies,
  signal: AbortSignal,
  said?: Readiness,
): Promise<DebugSession> {
  const { uid, generation } = session.metadata;
  const before = session.status ?? {};
  // Before its first step a session has no phase, and whoever lists sessions sees nothing. A status that was restored keeps its UID:
  // by that it is known again.
  const merged = definedOnly({ phase: 'Pending', uid, ...before, ...patch });
  const conditions = setReadiness(merged.conditions, said ?? readiness(merged), generation, deps.clock.now());
  const status: Status = {
    ...merged,
    observedGeneration: generation,
    conditions: [...conditions],
  };
  // What has been used is written along with what has happened: by itself it would bring every stalled session back at once.
  if (!isNews(before, status)) return session;
  const calls = deps.tools.unwrittenCalls(uid);
  const toolCalls = (merged.usage?.toolCalls ?? 0) + calls;
  const usage = { ...merged.usage, toolCalls, ...held(before, status, deps) };
  const written = await deps.sessions.writeStatus({ ...session, status: { ...status, usage } }, signal);
  // Not before: a write that was refused has counted nothing.
  deps.tools.callsWritten(uid, calls);
  return written;
}

/** Whether a field came, went or says something else. Most fields are the very ones of before, which need no look inside. */
function isNews(before: Status, status: Status): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(status)]) as ReadonlySet<keyof Status>;
  return [...names].some(
    (name) => before[name] !== status[name] && JSON.stringify(before[name]) !== JSON.stringify(status[name]),
  );
}

/** A patch takes a field away by giving undefined for it. */
function definedOnly(status: StatusPatch): Status {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined)) as Status;
}

/** Ready only when it succeeded; Stalled when only a person or the world can move it on. Source: kstatus, design section 1. */
function readiness(status: Status): Readiness {
  const phase = status.phase ?? 'Pending';
  const message = describe(status);
  if (phase === 'Succeeded') return { state: 'Ready', reason: status.outcome ?? 'Succeeded', message };
  if (phase === 'Failed' || phase === 'Cancelled')
    return { state: 'Stalled', reason: status.outcome ?? phase, message };
  if (phase === 'Escalated') return { state: 'Stalled', reason: 'Escalated', message };
  const unknown = (status.intents ?? []).find((intent) => intent.state === 'OutcomeUnknown');
  if (unknown !== undefined) {
    return {
      state: 'Stalled',
      reason: 'OutcomeUnknown',
      message: unknown.message ?? 'An outside write may have happened',
    };
  }
  return { state: 'Reconciling', reason: phase, message };
}

function describe(status: Status): string {
  const cause = status.diagnosis?.rootCause;
  const parts = [
    `Iteration ${status.iteration ?? 0}`,
    cause === undefined ? '' : `cause ${cause.kind} at ${cause.node}`,
    status.pullRequest?.url ?? '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Seconds, as metav1.Time has it. */
export function rfc3339(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
