import type { JsonObject } from '../api/json.ts';
import type { DebugSession, Intent, Iteration } from '../api/kinds.ts';
import { canonicalJson } from '../evidence/canonical.ts';
import { isBeingDeleted } from '../kube/finalizers.ts';
import { ToolError, ToolFailed, ToolTimeout, ToolUnavailable } from '../mcp/errors.ts';
import { applyTransition, rfc3339 } from './apply-transition.ts';
import { affectedWith } from './blast-radius-limit.ts';
import type { Dependencies } from './dependencies.ts';
import { forbidden } from './forbidden.ts';
import type { IntentSpec } from './intents.ts';
import { drop, waitFor, type Refusal } from './refusal.ts';
import { isRestored } from './restored.ts';
import { iterationOf, type Snapshot } from './snapshot.ts';
import { record } from './transition.ts';
import { told } from './told.ts';

/** The write was not made, and may not be made now. */
export class NotNow extends Error {
  readonly refusal: Refusal;
  /** The intent as it was written down by an earlier try; the outside does not have it. */
  readonly begun: Intent | undefined;

  constructor(refusal: Refusal, begun?: Intent) {
    super(refusal.message);
    this.name = 'NotNow';
    this.refusal = refusal;
    this.begun = begun;
  }
}

/**
 * Re-reads, writes the intent down as Pending, then acts. If we die before the Pending is stored, nothing happened; if we die
 * after it, the next life finds it Pending and probes before it does anything.
 * @throws NotNow when it was not done and may not be done now.
 */
export async function perform(
  snapshot: Snapshot,
  deps: Dependencies,
  spec: IntentSpec,
  signal: AbortSignal,
): Promise<Intent> {
  const { namespace, name, uid } = snapshot.session.metadata;
  const live = await deps.sessions.live(namespace, name, signal);
  if (live.metadata.uid !== uid) throw new NotNow(waitFor('the session was replaced by another of the same name'));
  // A backup may bring the status back at any moment, and what is written down would go into it.
  if (isRestored(live)) throw new NotNow(waitFor('the status is of another session'));
  const before = (live.status?.intents ?? []).find((intent) => intent.id === spec.id);
  if (before !== undefined) return resume(live, deps, spec, before, signal);
  const refusal = await refusalOf(live, deps, spec, signal);
  if (refusal !== undefined) throw new NotNow(refusal);
  const begun = begin(snapshot, deps, spec);
  await writeDown(await deps.sessions.hold(live, signal), deps, { begun, spec }, signal);
  return act(deps, spec, begun, signal);
}

/** An intent that an earlier try wrote down: ended, found, or proven absent and then done. */
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
  const refusal = await refusalOf(live, deps, spec, signal);
  if (refusal !== undefined) throw new NotNow(refusal, before);
  return act(deps, spec, before, signal);
}

interface Beginning {
  readonly begun: Intent;
  readonly spec: Pick<IntentSpec, 'noted' | 'affected'>;
}

async function writeDown(
  live: DebugSession,
  deps: Dependencies,
  { begun, spec }: Beginning,
  signal: AbortSignal,
): Promise<void> {
  const { intents = [], usage = {} } = live.status ?? {};
  const hurt = spec.affected === undefined ? {} : { affected: [...affectedWith(live, spec.affected)] };
  const used = { ...usage, writes: (usage.writes ?? 0) + 1, ...hurt };
  const known = bounded(intents, live.status?.history ?? []);
  await applyTransition(live, record({ ...spec.noted, intents: [...known, begun], usage: used }), deps, signal);
}

const keepIntents = 150;

/** Within the CRD's bound the oldest that have ended go, but for acts that are live: they are taken back by what they answered. */
function bounded(intents: readonly Intent[], history: readonly Iteration[]): readonly Intent[] {
  const surplus = intents.length - keepIntents;
  if (surplus <= 0) return intents;
  const live = new Set(history.filter(({ standing }) => standing === 'Kept').map(({ iteration }) => iteration));
  const gone = intents
    .filter(({ state, kind, iteration }) => state !== 'Pending' && !(kind === 'Act' && live.has(iteration)))
    .slice(0, surplus);
  return intents.filter((intent) => !gone.includes(intent));
}

/** An intent as it is before anything was done for it. */
export function begin(snapshot: Snapshot, deps: Dependencies, spec: IntentSpec): Intent {
  return {
    id: spec.id,
    kind: spec.kind,
    state: 'Pending',
    iteration: iterationOf(snapshot),
    target: told(spec.target, 300),
    actionDigest: spec.actionDigest,
    startedAt: rfc3339(deps.clock.now()),
    ...(spec.action === undefined ? {} : { action: spec.action }),
  };
}

/** Taking back is what ends a session that is cancelled; everything else is not begun any more. */
async function refusalOf(
  live: DebugSession,
  deps: Dependencies,
  spec: IntentSpec,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  if (isBeingDeleted(live)) return drop('the session is being deleted');
  if (live.spec.cancel === true && spec.kind !== 'Rollback') return drop('the session is cancelled');
  const barred = forbidden(live, deps, spec);
  if (barred !== undefined) return barred;
  if (live.spec.suspend) return waitFor('the session is suspended');
  const unguarded = await deps.policies.refusal(signal);
  if (unguarded !== undefined) return waitFor(unguarded);
  const refusal = await spec.guard(live, signal);
  if (refusal !== undefined) return refusal;
  return deps.leading() ? undefined : waitFor('another operator leads');
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
  // The write of the Pending may have taken long: another leader may have found it meanwhile.
  if (!deps.leading()) throw new NotNow(waitFor('another operator leads'));
  try {
    return succeeded(deps, begun, await spec.execute(signal));
  } catch (error) {
    if (error instanceof ToolError && !error.outcomeUnknown && !isPassing(error)) return failed(deps, begun, error);
    // Lost answer or our own end: look before anything is said or done again.
    const found = await settle(deps, spec, begun, signal);
    if (found !== undefined) return found;
    if (error instanceof ToolError && mayTryAgain(deps, begun)) throw new NotNow(waitFor(error.message), begun);
    return failed(deps, begun, error);
  }
}

/** Words of the network and of the systems for "not now". */
const passing: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'Http429',
  'ThrottlingException',
]);

function isPassing(error: ToolError): boolean {
  if (error instanceof ToolFailed) return passing.has(error.code);
  return error instanceof ToolUnavailable || error instanceof ToolTimeout;
}

/** What was proven absent is done again for as long as a rollout may take; beyond that it has failed. */
function mayTryAgain({ clock, timings }: Dependencies, begun: Intent): boolean {
  const since = Date.parse(begun.startedAt ?? '');
  return clock.now().getTime() - since < timings.rolloutSeconds * 1000;
}

function succeeded(deps: Dependencies, begun: Intent, evidence: JsonObject): Intent {
  const { message: _, ...known } = begun;
  return {
    ...known,
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

/** The end of an intent that was not carried out. */
export function failed(deps: Dependencies, begun: Intent, error: unknown): Intent {
  const message = error instanceof Error ? error.message : String(error);
  return { ...begun, state: 'Failed', endedAt: rfc3339(deps.clock.now()), message: told(message) };
}
