import type { DebugSession } from '../api/kinds.ts';
import type { OwnWrites } from '../kube/consistency.ts';
import type { KubeClient } from '../kube/client.ts';
import { AlreadyExists } from '../kube/errors.ts';
import type { Informer } from '../kube/informer.ts';
import { compareResourceVersions, requestFor, type Draft } from '../kube/object.ts';
import { noteAlerts } from '../session/alerts/note-alerts.ts';
import type { NotedAlert } from '../session/alerts/write-notes.ts';
import { debugSessions } from '../session/stores/session-store.ts';
import { sessionsOf, topologyOf } from '../topology/sessions-of.ts';
import type { TopologyKey } from '../topology/resolved.ts';

export interface AlertSessionsOptions {
  readonly client: KubeClient;
  readonly sessions: Informer<DebugSession>;
  readonly ownWrites: Pick<OwnWrites, 'wrote'>;
}

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

  /** Tells the session of the alerts; see `noteAlerts`. @throws ApiError. */
  async note(
    session: DebugSession,
    alerts: readonly NotedAlert[],
    signal: AbortSignal,
  ): Promise<DebugSession | undefined> {
    const noted = await noteAlerts(this.#options.client.resource(debugSessions), session, alerts, signal);
    if (noted === undefined) this.#recent.delete(session.metadata.uid);
    else if (noted !== session) this.#keep(noted);
    return noted;
  }

  #keep(session: DebugSession): DebugSession {
    const { sessions, ownWrites } = this.#options;
    this.#recent.set(session.metadata.uid, session);
    // Its controller would be refused the next write, as it has read what was before ours.
    ownWrites.wrote(requestFor(session), sessions, session);
    return session;
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
