import type { DebugSession, ServiceTopology } from '../../../controller/api/kinds.ts';
import { FaultProxy } from '../../helpers/fault-proxy.ts';
import { post, sentAlert, sentWebhook, type Answer, type SentAlert } from '../../helpers/webhook.ts';
import { freePort, until } from '../../lab/parts/process.ts';
import { configOf, forever, install, mapsOf, sessionDraft, sessionsOf, type Installed } from '../session/installed.ts';
import { startOperator, type RunningOperator } from '../session/running-operator.ts';

/** An operator that takes alerts, with a proxy of its own between it and the API server. */
export interface Replica {
  readonly proxy: FaultProxy;
  readonly url: string;
  stop(): Promise<void>;
}

/** A namespace that takes alerts, as manifests/samples/alerts.yaml says, and who sends them. */
export class AlertWorld {
  readonly on: Installed;
  readonly namespace: string;
  /** Tokens by ServiceAccount. */
  readonly tokens = new Map<string, string>();
  #made = 0;

  private constructor(on: Installed, namespace: string) {
    this.on = on;
    this.namespace = namespace;
  }

  static async start(namespace: string): Promise<AlertWorld> {
    const world = new AlertWorld(await install(namespace), namespace);
    await world.on.cluster.apply(bindings(namespace));
    for (const name of ['sender', 'stranger']) world.tokens.set(name, await world.tokenOf(name));
    // The API server learns of a binding a moment after it was made.
    await until('the binding to count', async () => ((await world.#maySend('sender')) ? true : undefined));
    return world;
  }

  async #maySend(name: string): Promise<boolean> {
    const as = `system:serviceaccount:${this.namespace}:${name}`;
    const asked = ['auth', 'can-i', 'create', 'debugsessions.threehops.dev', '-n', this.namespace, '--as', as];
    return (await this.on.cluster.kubectl(asked)).stdout.trim() === 'yes';
  }

  async tokenOf(name: string, more: readonly string[] = []): Promise<string> {
    const { stdout } = await this.on.cluster.kubectl(['create', 'token', name, '-n', this.namespace, ...more]);
    return stdout.trim();
  }

  /** Resolves when it takes alerts. */
  async replica(more = '', token = this.#token()): Promise<Replica> {
    const proxy = await FaultProxy.start({ target: configOf(this.on.operator.kubeconfig) });
    const port = await freePort();
    const operator: RunningOperator = startOperator(proxy, `apiAddress: 127.0.0.1:${port}\n${more}`);
    const url = `http://127.0.0.1:${port}/api/v1/alerts`;
    await until('the endpoint', async () => {
      const { code } = await post(url, '{}', { token }).catch(() => ({ code: 0 }));
      return code === 400 ? true : undefined;
    });
    return {
      proxy,
      url,
      async stop() {
        await operator.stop();
        await proxy.stop();
      },
    };
  }

  /** A map of a test's own whose alerts carry its name as `service`; answers the name. */
  async map(alerts: object = {}, refersTo: readonly string[] = []): Promise<string> {
    this.#made += 1;
    const service = `shop-${this.#made}`;
    const downstream = refersTo.map((name) => ({ name, type: 'http', skill: 'http-health', topologyRef: { name } }));
    const spec = { service, downstream, alerts: { matchLabels: { service }, ...alerts } };
    // The API server fills the defaults in.
    const asked = spec as unknown as ServiceTopology['spec'];
    const draft = { metadata: { namespace: this.namespace, name: service }, spec: asked };
    await mapsOf(this.on.dana).create(draft, forever);
    return service;
  }

  alert(service: string, more: Partial<SentAlert> = {}): SentAlert {
    return sentAlert({ alertname: 'HighErrors', service }, { startsAt: new Date().toISOString(), ...more });
  }

  send({ url }: Replica, alerts: readonly SentAlert[], groupKey?: string, token = this.#token()): Promise<Answer> {
    return post(url, JSON.stringify(sentWebhook(alerts, groupKey)), { token });
  }

  /** The same once the replica knows of the map. */
  async sent(replica: Replica, alerts: readonly SentAlert[], groupKey?: string): Promise<Answer> {
    return until('the maps to be known', async () => {
      const answer = await this.send(replica, alerts, groupKey);
      return answer.body.includes('unmatched') ? undefined : answer;
    });
  }

  async sessions(...services: readonly string[]): Promise<readonly DebugSession[]> {
    const { items } = await sessionsOf(this.on.admin).list({ namespace: this.namespace }, forever);
    return items.filter(({ spec }) => services.includes(spec.topologyRef.name));
  }

  /** Ends a session as a person does. */
  async cancel({ metadata: { namespace, name } }: DebugSession): Promise<void> {
    const key = { namespace, name };
    await sessionsOf(this.on.dana).patch(key, { type: 'merge', body: { spec: { cancel: true } } }, forever);
    await until('the end', async () =>
      (await sessionsOf(this.on.admin).get(key, forever)).status?.completedAt === undefined ? undefined : true,
    );
  }

  /** Resolves when the operator has seen all that has been written to sessions so far: it sees them in that order. */
  async caughtUp(): Promise<void> {
    const name = await this.map();
    const key = { namespace: this.namespace, name };
    await sessionsOf(this.on.dana).create(sessionDraft(this.namespace, name, { topologyRef: { name } }), forever);
    await until('the operator to have caught up', async () =>
      (await sessionsOf(this.on.admin).get(key, forever)).status === undefined ? undefined : true,
    );
  }

  close(): Promise<void> {
    return this.on.close();
  }

  #token(): string {
    return this.tokens.get('sender') ?? '';
  }
}

function bindings(inside: string): string {
  const group = 'rbac.authorization.k8s.io';
  const bind = (role: string, name: string, from: string): object => ({
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: role, namespace: inside },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name, namespace: from }],
  });
  const account = (name: string): object => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: inside },
  });
  const objects = [
    account('sender'),
    account('stranger'),
    bind('threehops-alert-receiver', 'threehops', 'threehops-system'),
    bind('threehops-alert-sender', 'sender', inside),
  ];
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}
