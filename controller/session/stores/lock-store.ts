import type { LeaseLocks } from '../../kube/lease-lock.ts';
import type { LockStore } from '../dependencies.ts';

/** The session's UID holds the leases, so that after a restart the same session has them again at once. */
export function lockStore(locks: LeaseLocks): LockStore {
  return {
    async acquire(session, keys, signal) {
      const got = await locks.acquire(keys, session.metadata.uid, signal);
      return got.acquired ? undefined : (got.holder ?? 'another session');
    },
    release: (session, keys, signal) => locks.release(keys, session.metadata.uid, signal),
  };
}
