import { redactHead } from '../redaction/redact.ts';
/** A condition as Kubernetes' API conventions have it. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  /** CamelCase, for programs. */
  readonly reason: string;
  /** For people. */
  readonly message: string;
  /** RFC 3339; when the status last changed. */
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

/** A condition to be set; the time is found out. */
export type WantedCondition = Omit<Condition, 'lastTransitionTime'>;

/** API conventions' limit of a condition's message, in characters. */
const maxMessage = 32_768;

export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

/**
 * The conditions with one set. Its lastTransitionTime stays unless the status changes. The same array comes back when nothing
 * changes, so that a caller can tell that there is nothing to write.
 */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  wanted: WantedCondition,
  now: Date,
): Condition[] {
  const before = asList(conditions);
  const present = findCondition(before, wanted.type);
  const next: Condition = {
    ...wanted,
    message: redactHead(wanted.message, maxMessage),
    lastTransitionTime: present?.status === wanted.status ? present.lastTransitionTime : rfc3339(now),
  };
  if (present === undefined) return [...before, next];
  if (isSame(present, next)) return before;
  return before.map((condition) => (condition === present ? next : condition));
}

/** The conditions without one; the same array when it was not there. */
export function removeCondition(conditions: readonly Condition[] | undefined, type: string): Condition[] {
  const before = asList(conditions);
  return before.some((condition) => condition.type === type)
    ? before.filter((condition) => condition.type !== type)
    : before;
}

/** How an object stands, in kstatus' terms. */
export type Readiness =
  | { readonly state: 'Ready'; readonly reason: string; readonly message: string }
  | { readonly state: 'Reconciling'; readonly reason: string; readonly message: string }
  | { readonly state: 'Stalled'; readonly reason: string; readonly message: string };

/**
 * The conditions with Ready, Reconciling and Stalled saying `readiness`. The latter two are there only while they are True: a
 * stale one is removed.
 * Source: kstatus, abnormal-true conditions; Flux and Argo CD read health from these.
 */
export function setReadiness(
  conditions: readonly Condition[] | undefined,
  readiness: Readiness,
  observedGeneration: number,
  now: Date,
): Condition[] {
  const { state, reason, message } = readiness;
  const status = state === 'Ready' ? 'True' : 'False';
  const said = { reason, message, observedGeneration };
  let next = setCondition(conditions, { type: 'Ready', status, ...said }, now);
  for (const type of ['Reconciling', 'Stalled']) {
    next = type === state ? setCondition(next, { type, status: 'True', ...said }, now) : removeCondition(next, type);
  }
  return next;
}

/** Typed as generated statuses are; nobody changes it in place. */
function asList(conditions: readonly Condition[] | undefined): Condition[] {
  return (conditions ?? []) as Condition[];
}

/** Seconds, as metav1.Time has it. */
function rfc3339(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function isSame(a: Condition, b: Condition): boolean {
  return (
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.observedGeneration === b.observedGeneration
  );
}
