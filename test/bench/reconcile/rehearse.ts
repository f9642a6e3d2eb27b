import type { DebugSession } from '../../../controller/api/kinds.ts';
import { debugSessions } from '../../../controller/session/stores/session-store.ts';
import { startContestant, type Program } from './contestant.ts';
import { namespace, type World } from './world.ts';

export type Status = NonNullable<DebugSession['status']>;

/** Sessions in a rehearsal: enough to warm the API server up. */
export const rehearsed = 50;

/** The product did not write as it should. */
export class RehearsalFailed extends Error {}

/**
 * Runs a contestant once, unmeasured, and answers the statuses of one of its sessions in the order in which they were written. The
 * sessions are gone afterwards.
 */
export async function rehearse(world: World, program: Program, signal: AbortSignal): Promise<readonly Status[]> {
  await world.createSessions(rehearsed, signal);
  const [first] = await world.sessions(signal);
  if (first === undefined) throw new RehearsalFailed('there is no session to rehearse with');
  const written = watchStatuses(world, first, signal);
  const contestant = await startContestant(program, signal);
  try {
    await contestant.run();
  } finally {
    await contestant.stop();
  }
  const statuses = await written.end();
  await world.deleteSessions(signal);
  return statuses;
}

function watchStatuses(world: World, { metadata }: DebugSession, signal: AbortSignal) {
  const statuses: Status[] = [];
  const over = new AbortController();
  const watching = world.client.resource(debugSessions).watch(
    {
      namespace,
      fieldSelector: `metadata.name=${metadata.name}`,
      resourceVersion: metadata.resourceVersion,
      timeoutSeconds: 120,
      onEvent: (event) => {
        // Until a program has written one it is the API server's own.
        if (event.type !== 'MODIFIED' || event.object.status?.phase === undefined) return;
        // Some writes change the metadata alone.
        if (JSON.stringify(event.object.status) !== JSON.stringify(statuses.at(-1))) statuses.push(event.object.status);
      },
    },
    AbortSignal.any([signal, over.signal]),
  );
  return {
    async end(): Promise<readonly Status[]> {
      over.abort();
      await watching.catch(() => undefined);
      signal.throwIfAborted();
      return statuses;
    },
  };
}
