import type { DebugSession } from './kinds.ts';

/** Annotations of a session that tell of its alerts: `<prefix><fingerprint>`, and one key for those beyond `maxNotes`. */
export const notePrefix = 'alerts.threehops.dev/';
/** No fingerprint, as those are hexadecimal. */
export const moreKey = `${notePrefix}more`;
export const maxNotes = 50;

/** One alert as a session has it. Times are RFC 3339. */
export interface AlertNote {
  readonly status: 'firing' | 'resolved';
  readonly startsAt: string;
  /** Of one that is resolved. */
  readonly endsAt?: string;
  /** The service of the map that it matched. */
  readonly service: string;
  readonly alertname: string;
  /** When the session was first told of it. */
  readonly notedAt: string;
}

/** The alerts that there was no key for: how many, and a few characters of each by which it is known again. */
export interface MoreAlerts {
  readonly count: number;
  readonly seen: string;
}

type Annotated = { readonly metadata: Pick<DebugSession['metadata'], 'annotations'> };

/** The alerts noted on a session by fingerprint. Annotations may be anybody's: what is no note is left out. */
export function notesOf({ metadata: { annotations = {} } }: Annotated): ReadonlyMap<string, AlertNote> {
  const notes = Object.entries(annotations).flatMap(([key, text]) => {
    if (!key.startsWith(notePrefix) || key === moreKey) return [];
    const note = readNote(text);
    return note === undefined ? [] : [[key.slice(notePrefix.length), note] as const];
  });
  return new Map(notes);
}

export function noteOf({ metadata: { annotations } }: Annotated, fingerprint: string): AlertNote | undefined {
  const text = annotations?.[notePrefix + fingerprint];
  return text === undefined ? undefined : readNote(text);
}

export function moreOf({ metadata: { annotations } }: Annotated): MoreAlerts {
  const { count, seen } = readObject(annotations?.[moreKey] ?? '');
  const isSound = typeof count === 'number' && Number.isSafeInteger(count) && typeof seen === 'string';
  return isSound ? { count, seen } : { count: 0, seen: '' };
}

/** Whether the session tells of any alert. */
export function hasNotes({ metadata: { annotations = {} } }: Annotated): boolean {
  return Object.keys(annotations).some((key) => key.startsWith(notePrefix));
}

function readNote(text: string): AlertNote | undefined {
  const { status, startsAt, endsAt, service, alertname, notedAt } = readObject(text);
  if (status !== 'firing' && status !== 'resolved') return undefined;
  if (!isTime(startsAt) || !isTime(notedAt) || typeof service !== 'string' || typeof alertname !== 'string')
    return undefined;
  return { status, startsAt, ...(isTime(endsAt) ? { endsAt } : {}), service, alertname, notedAt };
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
