import type { DebugSession } from '../api/kinds.ts';
import type { OwnWrites } from '../kube/consistency.ts';
import type { KubeClient } from '../kube/client.ts';
import { AlreadyExists, Conflict, NotFound } from '../kube/errors.ts';
import type { Informer } from '../kube/informer.ts';
import { compareResourceVersions, requestFor, type Draft, type ObjectKey } from '../kube/object.ts';
import { changedNotes, type NotedAlert } from '../session/alerts/write-notes.ts';
import { debugSessions } from '../session/stores/session-store.ts';
import { sessionsOf, topologyOf } from '../topology/sessions-of.ts';
import type { TopologyKey } from '../topology/resolved.ts';

export interface AlertSessionsOptions {
  readonly client: KubeClient;
  readonly sessions: Informer<DebugSession>;
  readonly ownWrites: Pick<OwnWrites, 'wrote'>;
}

/** Tries at a count that others change at the same time. */
const tries = 5;

/** The cache of sessions, with what was written here and has not come back to it yet. */
export class AlertSessions {
  readonly #options: AlertSessionsOptions;
  readonly #recent = new Map<string, DebugSession>();

  constructor(options: AlertSessionsOptions) {
    this.#options = options;
  }

  /** The sessions of a map. */
  on(topology: TopologyKey): readonly DebugSession[] {
    this.#forgetSeen();
    const cached = sessionsOf(topology, this.#options.sessions.store);
    const recent = [...this.#recent.values()].filter((session) => topologyOf(session) === topology);
    const known = new Set(cached.map(({ metadata }) => metadata.uid));
    return [
      ...cached.map((session) => this.#newer(session)),
      ...recent.filter(({ metadata }) => !known.has(metadata.uid)),
    ];
  }

  /** Creates the session, or answers the one that has its name. @throws ApiError. */
  async create(
    draft: Draft<DebugSession>,
    signal: AbortSignal,
  ): Promise<{ readonly session: DebugSession; readonly created: boolean }> {
    const api = this.#options.client.resource(debugSessions);
    try {
      return { session: this.#keep(await api.create(draft, signal)), created: true };
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error;
      const { namespace = '', name = '' } = draft.metadata ?? {};
      return { session: this.#keep(await api.get({ namespace, name }, signal)), created: false };
    }
  }

  /**
   * Tells the session of the alerts, without a write where it knows them. Answers the session as it is then; undefined when it is gone.
   * @throws ApiError.
   */
  async note(
    session: DebugSession,
    alerts: readonly NotedAlert[],
    signal: AbortSignal,
  ): Promise<DebugSession | undefined> {
    let present = session;
    for (let left = tries; ; left -= 1) {
      const changes = changedNotes(present, alerts);
      if (changes === undefined) return present;
      const { uid, resourceVersion } = present.metadata;
      // The UID keeps it from another session that has got the name meanwhile.
      const metadata = { uid, annotations: changes.annotations, ...(changes.counts ? { resourceVersion } : {}) };
      const key = keyFor(present);
      try {
        const written = await this.#options.client
          .resource(debugSessions)
          .patch(key, { type: 'merge', body: { metadata } }, signal);
        return this.#keep(written);
      } catch (error) {
        if (error instanceof NotFound) return this.#drop(present);
        if (!(error instanceof Conflict) || left <= 1) throw error;
      }
      const live = await this.#live(key, signal);
      if (live?.metadata.uid !== uid) return this.#drop(present);
      present = live;
    }
  }

  async #live(key: ObjectKey, signal: AbortSignal): Promise<DebugSession | undefined> {
    try {
      return await this.#options.client.resource(debugSessions).get(key, signal);
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  #keep(session: DebugSession): DebugSession {
    const { sessions, ownWrites } = this.#options;
    this.#recent.set(session.metadata.uid, session);
    // Its controller would be refused the next write, as it has read what was before ours.
    ownWrites.wrote(requestFor(session), sessions, session);
    return session;
  }

  #drop({ metadata }: DebugSession): undefined {
    this.#recent.delete(metadata.uid);
  }

  #newer(cached: DebugSession): DebugSession {
    const recent = this.#recent.get(cached.metadata.uid);
    if (recent === undefined) return cached;
    const isNewer = compareResourceVersions(recent.metadata.resourceVersion, cached.metadata.resourceVersion) > 0;
    return isNewer ? recent : cached;
  }

  #forgetSeen(): void {
    for (const [uid, { metadata }] of this.#recent) {
      if (this.#options.sessions.hasSeen(metadata.resourceVersion, metadata.namespace)) this.#recent.delete(uid);
    }
  }
}

function keyFor({ metadata: { namespace, name } }: DebugSession): ObjectKey {
  return { namespace, name };
}
