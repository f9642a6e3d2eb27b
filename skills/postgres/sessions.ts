import { round } from '../lib/statistics.ts';
import { secondsBetween } from '../lib/time.ts';
import type { Session } from './activity.ts';

/** Seconds from a time of PostgreSQL's to another, one decimal, never negative. */
export function ageSeconds(since: string, at: Date): number {
  return Math.max(0, round(secondsBetween(new Date(since), at), 1));
}

/** Also `idle in transaction (aborted)`: its locks are held all the same. */
export function isIdleInTransaction(session: Pick<Session, 'state'>): boolean {
  return session.state.startsWith('idle in transaction');
}

/** What a person would call whoever is behind a session. */
export function nameOf({ application, user }: Pick<Session, 'application' | 'user'>): string {
  if (application === '') return user === '' ? 'an unknown client' : `user ${user}`;
  return user === '' || user === application ? application : `${application} (user ${user})`;
}
