import { createHash } from 'node:crypto';
import {
  maxNotes,
  moreKey,
  moreOf,
  noteOf,
  notePrefix,
  notesOf,
  type AlertNote,
  type MoreAlerts,
} from '../../api/alert-notes.ts';
import type { DebugSession } from '../../api/kinds.ts';

/** An alert that a session is to be told of. */
export interface NotedAlert extends AlertNote {
  readonly fingerprint: string;
}

/** Annotations to be set, others are left as they are. */
export interface NoteChanges {
  readonly annotations: Readonly<Record<string, string>>;
  /** Something is counted on from what was read: the write must not come after another one. */
  readonly counts: boolean;
}

/** Characters of one alert's mark, 36 bits of a hash. */
const markChars = 6;
/** Marks that are kept: 12 kB of annotation. Further alerts are not known again, and so counted each time. */
const maxMarks = 2000;

type Annotated = Parameters<typeof notesOf>[0];

/** What is to be written so that the session tells of these alerts; undefined when it does already. */
export function changedNotes(session: Annotated, alerts: readonly NotedAlert[]): NoteChanges | undefined {
  const annotations: Record<string, string> = {};
  let room = maxNotes - notesOf(session).size;
  const more = new Marks(moreOf(session));
  for (const { fingerprint, ...note } of alerts) {
    const key = notePrefix + fingerprint;
    const present = noteOf(session, fingerprint);
    if (Object.hasOwn(annotations, key)) continue;
    if (present !== undefined) {
      if (tellsMore(note, present)) annotations[key] = textOf(note, present);
    } else if (room > 0) {
      annotations[key] = textOf(note);
      room -= 1;
    } else more.count(fingerprint, note.startsAt);
  }
  if (more.hasGrown) annotations[moreKey] = JSON.stringify(more.value);
  return Object.keys(annotations).length === 0 ? undefined : { annotations, counts: more.hasGrown };
}

/** Whether the session was told of this alert since it began then. */
export function knowsAlert(session: DebugSession, fingerprint: string, startsAt: string): boolean {
  const note = noteOf(session, fingerprint);
  if (note !== undefined) return Date.parse(note.startsAt) >= Date.parse(startsAt);
  return marksOn(session).has(fingerprint, startsAt);
}

/** What came on a slower way must not undo what is known: an alert that has resolved fires again with a later begin alone. */
function tellsMore(note: AlertNote, present: AlertNote): boolean {
  const later = Date.parse(note.startsAt) - Date.parse(present.startsAt);
  if (later !== 0) return later > 0;
  return note.status === 'resolved' && present.status === 'firing';
}

function textOf({ status, startsAt, endsAt, service, alertname, notedAt }: AlertNote, present?: AlertNote): string {
  const since = present?.startsAt === startsAt ? present.notedAt : notedAt;
  const ended = endsAt === undefined || status === 'firing' ? {} : { endsAt };
  return JSON.stringify({ status, startsAt, ...ended, service, alertname, notedAt: since });
}

/** The alerts beyond those that have a key of their own. */
class Marks {
  readonly #before: MoreAlerts;
  readonly #seen: Set<string>;
  #count: number;

  constructor(before: MoreAlerts) {
    this.#before = before;
    this.#count = before.count;
    this.#seen = new Set(before.seen.match(new RegExp(`.{${markChars}}`, 'g')) ?? []);
  }

  has(fingerprint: string, startsAt: string): boolean {
    return this.#seen.size > 0 && this.#seen.has(markOf(fingerprint, startsAt));
  }

  count(fingerprint: string, startsAt: string): void {
    const mark = markOf(fingerprint, startsAt);
    if (this.#seen.has(mark)) return;
    this.#count += 1;
    if (this.#seen.size < maxMarks) this.#seen.add(mark);
  }

  get hasGrown(): boolean {
    return this.#count > this.#before.count;
  }

  get value(): MoreAlerts {
    return { count: this.#count, seen: [...this.#seen].join('') };
  }
}

function markOf(fingerprint: string, startsAt: string): string {
  const text = `${fingerprint} ${new Date(startsAt).toISOString()}`;
  return createHash('sha256').update(text).digest('base64url').slice(0, markChars);
}

/** Read once of each version of a session, for hundreds of alerts that ask. */
const read = new WeakMap<object, Marks>();

function marksOn({ metadata }: DebugSession): Marks {
  const known = read.get(metadata) ?? new Marks(moreOf({ metadata }));
  read.set(metadata, known);
  return known;
}
