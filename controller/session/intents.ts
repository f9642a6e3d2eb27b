import type { JsonObject } from '../api/json.ts';
import type { DebugSession, Intent } from '../api/kinds.ts';
import type { Occurrence } from '../../skills/skill.ts';
import type { TopologyKey } from '../topology/resolved.ts';
import { Conflict } from '../kube/errors.ts';
import { closeApproval } from './close-approval.ts';
import type { Dependencies } from './dependencies.ts';
import { withoutPending } from './history.ts';
import { begin, failed, NotNow, perform } from './perform-intent.ts';
import type { Refusal } from './refusal.ts';
import { iterationOf, type Snapshot } from './snapshot.ts';
import { advance, record, stall, wait, type StatusPatch, type Transition } from './transition.ts';

/** One outside write, with all that is needed to make it at most once. */
export interface IntentSpec {
  /** From `actionId`: the same after a crash. */
  readonly id: string;
  readonly kind: Intent['kind'];
  readonly action?: string;
  readonly target: string;
  /** The map under which it is made. */
  readonly under: TopologyKey;
  /** `owner/name` where it is made in one. */
  readonly repository?: string;
  readonly actionDigest: string;
  /** What was seen just before it, written down with it. */
  readonly noted?: StatusPatch;
  /** Its blast radius, counted with it. */
  readonly affected?: readonly string[];
  /** Reads the world again just before: why it may not be done now, or undefined. */
  guard(live: DebugSession, signal: AbortSignal): Promise<Refusal | undefined>;
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

const reprobeMs = 15_000;
const retryMs = 2000;

/** The recorded end of an intent, or the next transition towards it. The phase calls this again until it has ended. */
export function carryOut(snapshot: Snapshot, deps: Dependencies, spec: IntentSpec): IntentStep {
  const known = (snapshot.status.intents ?? []).find((intent) => intent.id === spec.id);
  if (known?.state === 'Succeeded') return { state: 'Succeeded', evidence: evidenceOf(known) };
  if (known?.state === 'Failed') return { state: 'Failed', message: known.message ?? 'it failed' };
  const step = stepOf(spec);
  const progress = deps.runner.ask(snapshot.uid, step, (signal) => perform(snapshot, deps, spec, signal), 'Write');
  switch (progress.state) {
    case 'Running':
      return { state: 'Open', transition: wait('Acting', `Waiting for ${spec.kind} on ${spec.target}`) };
    case 'Failed':
      return { state: 'Open', transition: notDone(snapshot, deps, spec, progress.error) };
    case 'Done':
      return { state: 'Open', transition: ended(snapshot, deps, spec, progress.value) };
  }
}

function stepOf({ id }: IntentSpec): string {
  return `intent/${id}`;
}

/** Nothing was done outside: the guard said no, or the write of the intent itself failed. */
function notDone(snapshot: Snapshot, deps: Dependencies, spec: IntentSpec, error: unknown): Transition {
  const step = stepOf(spec);
  if (error instanceof Conflict) {
    deps.runner.forget(snapshot.uid, step);
    return wait('Acting', 'The session changed meanwhile', 200);
  }
  if (!(error instanceof NotNow)) {
    deps.runner.forgetAfter(snapshot.uid, step, retryMs, deps.clock);
    return stall('ActNotBegun', error instanceof Error ? error.message : String(error), retryMs);
  }
  return refused(snapshot, deps, spec, error);
}

/** What a refusal leads to. What was written down and is proven absent is told so; what was never begun leaves the history. */
function refused(snapshot: Snapshot, deps: Dependencies, spec: IntentSpec, error: NotNow): Transition {
  const { refusal, begun } = error;
  const { reason, message } = refusal;
  const announce = { type: 'Warning', reason, message } as const;
  const { intents: known } = snapshot.status;
  const told = replaced(known, failed(deps, begun ?? begin(snapshot, deps, spec), error));
  const intents = begun === undefined ? known : told;
  const patch = {
    ...spec.noted,
    intents,
    history: withoutPending(snapshot.status.history, iterationOf(snapshot)),
    approvalRef: undefined,
  };
  switch (refusal.leadsTo) {
    case 'Wait':
      deps.runner.forgetAfter(snapshot.uid, stepOf(spec), retryMs, deps.clock);
      return stall(reason, message, retryMs);
    case 'Drop':
      return record({ intents: told }, announce);
    case 'Replan': {
      const planless = { ...patch, plan: undefined, acting: undefined };
      return closeApproval(snapshot, deps, 'Withdrawn') ?? advance('Sweeping', planless, announce);
    }
    case 'Escalate': {
      const state = reason === 'ApprovalExpired' ? 'Expired' : 'Withdrawn';
      return closeApproval(snapshot, deps, state) ?? advance('Escalated', patch, announce);
    }
  }
}

function ended(snapshot: Snapshot, deps: Dependencies, spec: IntentSpec, intent: Intent): Transition {
  if (intent.state === 'OutcomeUnknown') deps.runner.forgetAfter(snapshot.uid, stepOf(spec), reprobeMs, deps.clock);
  const unchanged = (snapshot.status.intents ?? []).find((known) => known.id === intent.id)?.state === intent.state;
  if (intent.state === 'OutcomeUnknown' && unchanged) {
    return stall('OutcomeUnknown', intent.message ?? 'It may or may not have happened', reprobeMs);
  }
  const type = intent.state === 'Succeeded' ? 'Normal' : 'Warning';
  const what = [intent.kind, intent.action].filter((word) => word !== undefined).join(' ');
  const why = intent.message === undefined ? '' : `, ${intent.message}`;
  const message = `${what} on ${intent.target}: ${intent.state}${why}`;
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
  // Written as canonical JSON of an object when it succeeded.
  return intent.evidence === undefined ? {} : (JSON.parse(intent.evidence) as JsonObject);
}
