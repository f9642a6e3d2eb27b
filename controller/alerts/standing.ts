import type { DebugSession } from '../api/kinds.ts';
import { hasNotes, noteOf } from '../api/alert-notes.ts';
import type { AlertRules } from '../session/alerts/rules.ts';
import { knowsAlert } from '../session/alerts/write-notes.ts';
import { isRestored } from '../session/restored.ts';
import { hasEnded } from '../session/transition.ts';
import type { Alert } from './webhook.ts';

/**
 * Why a firing alert opens no session beside this one:
 * Known: the session had it before it ended, or has it and is open or decays.
 * Open: the session is at work, or will be.
 * Window: it began about when the session's first alert did.
 * Decay: the session has ended a moment ago.
 */
export type Standing = 'Known' | 'Open' | 'Window' | 'Decay';

/** Whether alerts may join the session: one that an alert opened, or that took over the alerts of a duplicate. */
export function isJoinable(session: DebugSession): boolean {
  const { metadata, spec, status } = session;
  if (metadata.deletionTimestamp !== undefined || isRestored(session) || status?.outcome === 'Duplicate') return false;
  return spec.trigger?.type === 'Alert' || hasNotes(session);
}

/** Undefined where the session is nothing to the alert any more. */
export function standingOf(session: DebugSession, alert: Alert, rules: AlertRules, now: Date): Standing | undefined {
  const holds = holding(session, alert, rules, now);
  if (!knowsAlert(session, alert.fingerprint, alert.startsAt)) return holds;
  const keeps = !hasEnded(session.status?.phase) || holds !== undefined || hadBeforeItsEnd(session, alert);
  return keeps ? 'Known' : undefined;
}

/** The same, whatever the session knows of it. */
export function holding(
  session: DebugSession,
  alert: Alert,
  rules: AlertRules,
  now: Date,
): Exclude<Standing, 'Known'> | undefined {
  if (!hasEnded(session.status?.phase)) return isAtWork(session) ? 'Open' : undefined;
  const { beganMs, endedMs } = timesOf(session);
  if (Math.abs(Date.parse(alert.startsAt) - beganMs) <= rules.windowSeconds * 1000) return 'Window';
  return now.getTime() - endedMs < rules.decaySeconds * 1000 ? 'Decay' : undefined;
}

/** Neither about to end nor held: what joins it then would be worked on by nobody. */
function isAtWork({ spec }: DebugSession): boolean {
  return spec.cancel !== true && !spec.suspend;
}

/** Of an alert beyond those that are noted one by one it is not known when it came: those that began before the end count. */
function hadBeforeItsEnd(session: DebugSession, { fingerprint, startsAt }: Alert): boolean {
  const came = noteOf(session, fingerprint)?.notedAt ?? startsAt;
  return Date.parse(came) <= timesOf(session).endedMs;
}

interface Times {
  readonly beganMs: number;
  readonly endedMs: number;
}

/** Read once of each version of a session, for hundreds of alerts that ask. */
const read = new WeakMap<DebugSession, Times>();

function timesOf(session: DebugSession): Times {
  const known = read.get(session);
  if (known !== undefined) return known;
  const { spec, status, metadata } = session;
  const beganMs = Date.parse(spec.symptom?.since ?? metadata.creationTimestamp);
  const endedMs = Date.parse(status?.completedAt ?? metadata.creationTimestamp);
  const times = { beganMs, endedMs };
  read.set(session, times);
  return times;
}
