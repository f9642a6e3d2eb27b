import type { JsonObject } from '../api/json.ts';
import type { DebugSession, Intent } from '../api/kinds.ts';
import { canonicalJson } from '../evidence/canonical.ts';
import { isBeingDeleted } from '../kube/finalizers.ts';
import { ToolError } from '../mcp/errors.ts';
import type { Occurrence } from '../../skills/skill.ts';
import { applyTransition, rfc3339 } from './apply-transition.ts';
import type { Dependencies } from './dependencies.ts';
import { iterationOf, type Snapshot } from './snapshot.ts';
import { record, stall, wait, type Transition } from './transition.ts';

/** One outside write, with all that is needed to make it at most once. */
export interface IntentSpec {
  /** From `actionId`: the same after a crash. */
  readonly id: string;
  readonly kind: Intent['kind'];
  readonly action?: string;
  readonly target: string;
  readonly actionDigest: string;
  /** Reads the world again just before: why it may not be done now, or undefined. */
  guard(live: DebugSession, signal: AbortSignal): Promise<string | undefined>;
  execute(signal: AbortSignal): Promise<JsonObject>;
  /** Did it happen? Asked after a crash and after a lost answer. */
  probe(signal: AbortSignal): Promise<Occurrence>;
}

/** How an intent stands for the phase that wants it. */
export type IntentStep =
  | { readonly state: 'Succeeded'; readonly evidence: JsonObject }
  | { readonly state: 'Failed'; readonly message: string }
  /** Not there yet: this is the phase's transition. */
  | { readonly state: 'Open'; readonly transition: Transition };

interface IntentEnd {
  readonly intent: Intent;
}

const reprobeMs = 15_000;

/** The recorded end of an intent, or the next transition towards it. The phase calls this again until it has ended. */
export function carryOut(snapshot: Snapshot, deps: Dependencies, spec: IntentSpec): IntentStep {
  const known = (snapshot.status.intents ?? []).find((intent) => intent.id === spec.id);
  if (known?.state === 'Succeeded') return { state: 'Succeeded', evidence: evidenceOf(known) };
  if (known?.state === 'Failed') return { state: 'Failed', message: known.message ?? 'it failed' };
  const step = `intent/${spec.id}`;
  const progress = deps.runner.ask(snapshot.uid, step, (signal) => perform(snapshot, deps, spec, signal));
  switch (progress.state) {
    case 'Running':
      return { state: 'Open', transition: wait('Acting', `Waiting for ${spec.kind} on ${spec.target}`) };
    case 'Failed':
      deps.runner.forget(snapshot.uid, step);
      return { state: 'Open', transition: notDone(progress.error) };
    case 'Done':
      return { state: 'Open', transition: ended(snapshot, deps, step, progress.value.intent) };
  }
}

/** The guard said no, or the write of the intent itself failed: nothing was done outside. */
class NotNow extends Error {}

function notDone(error: unknown): Transition {
  const reason = error instanceof NotNow ? 'ActRefused' : 'ActNotBegun';
  return stall(reason, error instanceof Error ? error.message.slice(0, 1000) : String(error), 2000);
}

function ended(snapshot: Snapshot, deps: Dependencies, step: string, intent: Intent): Transition {
  if (intent.state === 'OutcomeUnknown') deps.runner.forget(snapshot.uid, step);
  const unchanged = (snapshot.status.intents ?? []).find((known) => known.id === intent.id)?.state === intent.state;
  if (intent.state === 'OutcomeUnknown' && unchanged) {
    return stall('OutcomeUnknown', intent.message ?? 'It may or may not have happened', reprobeMs);
  }
  const type = intent.state === 'Succeeded' ? 'Normal' : 'Warning';
  const message = `${intent.kind} ${intent.action ?? ''} on ${intent.target}: ${intent.state} ${intent.message ?? ''}`;
  return record(
    { intents: replaced(snapshot.status.intents, intent) },
    { type, reason: `${intent.kind}${intent.state}`, message },
  );
}

export function replaced(intents: readonly Intent[] | undefined, intent: Intent): Intent[] {
  const known = intents ?? [];
  if (!known.some((other) => other.id === intent.id)) return [...known, intent];
  return known.map((other) => (other.id === intent.id ? intent : other));
}

function evidenceOf(intent: Intent): JsonObject {
  // Written by `succeeded` below as canonical JSON of an object.
  return intent.evidence === undefined ? {} : (JSON.parse(intent.evidence) as JsonObject);
}

/**
 * Re-reads, writes the intent down as Pending, then acts. If we die before the Pending is stored, nothing happened; if we die
 * after it, the next life finds it Pending and probes before it does anything.
 */
async function perform(
  snapshot: Snapshot,
  deps: Dependencies,
  spec: IntentSpec,
  signal: AbortSignal,
): Promise<IntentEnd> {
  const { namespace, name, uid } = snapshot.session.metadata;
  const live = await deps.sessions.live(namespace, name, signal);
  if (live.metadata.uid !== uid) throw new NotNow('the session was replaced by another of the same name');
  const before = (live.status?.intents ?? []).find((intent) => intent.id === spec.id);
  if (before !== undefined) return { intent: await resume(live, deps, spec, before, signal) };
  await allow(live, deps, spec, signal);
  const begun = begin(snapshot, deps, spec);
  await writeDown(await deps.sessions.hold(live, signal), deps, begun, signal);
  return { intent: await act(deps, spec, begun, signal) };
}

/** An intent that an earlier life wrote down: ended, found, or proven absent and then done. */
async function resume(
  live: DebugSession,
  deps: Dependencies,
  spec: IntentSpec,
  before: Intent,
  signal: AbortSignal,
): Promise<Intent> {
  if (before.state === 'Succeeded' || before.state === 'Failed') return before;
  const found = await settle(deps, spec, before, signal);
  if (found !== undefined) return found;
  if (isBeingDeleted(live)) return failed(deps, before, new Error('it was not done, and the session is being deleted'));
  await allow(live, deps, spec, signal);
  return act(deps, spec, before, signal);
}

async function writeDown(live: DebugSession, deps: Dependencies, begun: Intent, signal: AbortSignal): Promise<void> {
  const { intents = [], usage = {} } = live.status ?? {};
  const used = { ...usage, writes: (usage.writes ?? 0) + 1 };
  await applyTransition(live, record({ intents: [...intents, begun], usage: used }), deps, signal);
}

function begin(snapshot: Snapshot, deps: Dependencies, spec: IntentSpec): Intent {
  return {
    id: spec.id,
    kind: spec.kind,
    state: 'Pending',
    iteration: iterationOf(snapshot),
    target: spec.target.slice(0, 300),
    actionDigest: spec.actionDigest,
    startedAt: rfc3339(deps.clock.now()),
    ...(spec.action === undefined ? {} : { action: spec.action }),
  };
}

async function allow(live: DebugSession, deps: Dependencies, spec: IntentSpec, signal: AbortSignal): Promise<void> {
  if (isBeingDeleted(live)) throw new NotNow('the session is being deleted');
  const refusal = (await deps.policies.refusal(signal)) ?? (await spec.guard(live, signal));
  if (refusal !== undefined) throw new NotNow(refusal);
  if (!deps.leading()) throw new NotNow('another operator leads');
}

/** After a crash: found is adopted, absent is done, and what cannot be told is asked of a person. */
async function settle(
  deps: Dependencies,
  spec: IntentSpec,
  begun: Intent,
  signal: AbortSignal,
): Promise<Intent | undefined> {
  const occurrence = await spec.probe(signal);
  switch (occurrence.verdict) {
    case 'Happened':
      return { ...succeeded(deps, begun, occurrence.evidence), adopted: true };
    case 'Absent':
      return undefined;
    case 'Unknown':
      return { ...begun, state: 'OutcomeUnknown', message: 'it cannot be told whether this was done; look and decide' };
  }
}

async function act(deps: Dependencies, spec: IntentSpec, begun: Intent, signal: AbortSignal): Promise<Intent> {
  try {
    return succeeded(deps, begun, await spec.execute(signal));
  } catch (error) {
    if (error instanceof ToolError && !error.outcomeUnknown) return failed(deps, begun, error);
    // Lost answer or our own end: look before anything is said or done again.
    const found = await settle(deps, spec, begun, signal);
    return found ?? failed(deps, begun, error);
  }
}

function succeeded(deps: Dependencies, begun: Intent, evidence: JsonObject): Intent {
  return {
    ...begun,
    state: 'Succeeded',
    endedAt: rfc3339(deps.clock.now()),
    evidence: evidenceText(evidence),
  };
}

/** Evidence beyond the status' bound is not kept: half a JSON text would be worse than none. */
function evidenceText(evidence: JsonObject): string {
  const text = canonicalJson(evidence);
  return text.length <= 4000 ? text : '{}';
}

function failed(deps: Dependencies, begun: Intent, error: unknown): Intent {
  const message = error instanceof Error ? error.message : String(error);
  return { ...begun, state: 'Failed', endedAt: rfc3339(deps.clock.now()), message: message.slice(0, 1000) };
}
