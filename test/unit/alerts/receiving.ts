import type { DebugSession, ServiceTopology } from '../../../controller/api/kinds.ts';
import { AlertReceiver, type ReceiverOptions } from '../../../controller/alerts/receiver.ts';
import { readWebhook } from '../../../controller/alerts/webhook.ts';
import type { Draft } from '../../../controller/kube/object.ts';
import { noLog } from '../../../controller/kube/observe.ts';
import { changedNotes } from '../../../controller/session/alerts/write-notes.ts';
import { Neighbourhoods } from '../../../controller/topology/neighbourhood.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { sourceOf, storeOf } from '../../helpers/maps.ts';
import { sentAlert, sentWebhook, type SentAlert } from '../../helpers/webhook.ts';

export const { signal } = new AbortController();

/** A receiver over sessions in memory, and a clock that a test moves. */
export class Receiving {
  readonly clock = new FakeClock(new Date('2026-01-02T03:05:00Z'));
  readonly sessions = new Map<string, DebugSession>();
  readonly receiver: AlertReceiver;
  /** Creates and changes, in order. */
  readonly writes: string[] = [];
  /** Called before a write is made. */
  onWrite: (what: 'create' | 'note', name: string) => void = () => undefined;
  /** Namespaces in which the sender may create sessions. */
  readonly allowed = new Set(['a', 'b']);

  /** Maps whose sessions were asked for. */
  readonly asked: string[] = [];

  constructor(maps: readonly ServiceTopology[], more: Partial<ReceiverOptions> = {}) {
    const store = storeOf(maps);
    this.receiver = new AlertReceiver({
      sessions: this.#sessions(),
      topologies: store,
      neighbourhoods: new Neighbourhoods(sourceOf(store)),
      ownName: () => Promise.resolve('operator'),
      clock: this.clock,
      log: noLog,
      ...more,
    });
  }

  /** An alert of a service that began so many seconds after 03:04:00. */
  alert(service: string, seconds = 0, more: Partial<SentAlert> & { readonly pod?: string } = {}): SentAlert {
    const { pod, ...rest } = more;
    const startsAt = new Date(Date.parse('2026-01-02T03:04:00Z') + seconds * 1000).toISOString();
    const labels = { alertname: 'HighErrors', service, ...(pod === undefined ? {} : { pod }) };
    return sentAlert(labels, { startsAt, ...rest });
  }

  /** What became of each alert, in their order. */
  async send(alerts: readonly SentAlert[], groupKey = 'group', until = signal): Promise<readonly string[]> {
    const caller = { username: 'am', mayOpenIn: async (namespace: string) => this.allowed.has(namespace) };
    const group = readWebhook(JSON.stringify(sentWebhook(alerts, groupKey)));
    return [...(await this.receiver.receive(group, caller, until)).values()];
  }

  /** `<map>: <fingerprints noted>` of every session. */
  get all(): readonly DebugSession[] {
    return [...this.sessions.values()];
  }

  on(map: string): DebugSession {
    const found = this.all.find(({ spec }) => spec.topologyRef.name === map);
    if (found === undefined) throw new Error(`no session on ${map}`);
    return found;
  }

  /** Ends a session now. */
  end(session: DebugSession, more: Partial<NonNullable<DebugSession['status']>> = {}): void {
    const completedAt = `${this.clock.now().toISOString().slice(0, 19)}Z`;
    const status = { phase: 'Succeeded', outcome: 'Fixed', completedAt, ...more } as const;
    this.#put({ ...session, status });
  }

  put(session: DebugSession): void {
    this.#put(session);
  }

  #put(session: DebugSession): DebugSession {
    this.sessions.set(`${session.metadata.namespace}/${session.metadata.name}`, session);
    return session;
  }

  #sessions(): ReceiverOptions['sessions'] {
    return {
      on: (topology) => {
        this.asked.push(topology);
        return this.all.filter(({ metadata, spec }) => `${metadata.namespace}/${spec.topologyRef.name}` === topology);
      },
      create: async (draft) => {
        this.onWrite('create', draft.metadata?.name ?? '');
        const key = `${draft.metadata?.namespace}/${draft.metadata?.name}`;
        const present = this.sessions.get(key);
        if (present !== undefined) return { session: present, created: false };
        this.writes.push(`create ${draft.spec.topologyRef.name}`);
        return { session: this.#put(this.stored(draft)), created: true };
      },
      note: async (session, alerts) => {
        const { namespace, name } = session.metadata;
        this.onWrite('note', name);
        const present = this.sessions.get(`${namespace}/${name}`);
        if (present === undefined) return undefined;
        const changes = changedNotes(present, alerts);
        if (changes === undefined) return present;
        this.writes.push(`note ${session.spec.topologyRef.name}`);
        const annotations = { ...present.metadata.annotations, ...changes.annotations };
        return this.#put({ ...present, metadata: { ...present.metadata, annotations } });
      },
    };
  }

  stored(draft: Draft<DebugSession>): DebugSession {
    const { name = '', namespace = '', annotations = {} } = draft.metadata ?? {};
    const creationTimestamp = `${this.clock.now().toISOString().slice(0, 19)}Z`;
    const metadata = { name, namespace, annotations, uid: `uid-${this.sessions.size}`, creationTimestamp };
    return {
      apiVersion: 'threehops.dev/v1alpha1',
      kind: 'DebugSession',
      metadata: { ...metadata, resourceVersion: '1', generation: 1 },
      spec: draft.spec,
    };
  }
}
