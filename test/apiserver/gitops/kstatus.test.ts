import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approvalResource } from '../../../controller/api/generated/approval.ts';
import { debugSessionResource } from '../../../controller/api/generated/debug-session.ts';
import { evidenceResource } from '../../../controller/api/generated/evidence.ts';
import { serviceTopologyResource } from '../../../controller/api/generated/service-topology.ts';
import { skillResource } from '../../../controller/api/generated/skill.ts';
import { toolServerResource } from '../../../controller/api/generated/tool-server.ts';
import type { Approval, Evidence } from '../../../controller/api/kinds.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import type { Condition } from '../../../controller/kube/conditions.ts';
import type { KubeObject } from '../../../controller/kube/object.ts';
import type { Resource } from '../../../controller/kube/resource.ts';
import { approvalStore } from '../../../controller/session/stores/approval-store.ts';
import { conditionViolations } from '../../helpers/condition-invariants.ts';
import { FaultProxy } from '../../helpers/fault-proxy.ts';
import { kafkaSample, kafkaTools, lagOf } from '../../helpers/kafka.ts';
import { kstatusOf, type KStatus } from '../../helpers/kstatus.ts';
import { startStandIn, type StandIn } from '../../helpers/stand-in-server.ts';
import { until } from '../../lab/parts/process.ts';
import { approvalsOf, configOf, forever, install, question, type Installed } from '../session/installed.ts';
import { startOperator, type RunningOperator } from '../session/running-operator.ts';
import { startSite, type Site } from '../session/site.ts';

interface Read extends KubeObject {
  readonly metadata: KubeObject['metadata'] & { readonly managedFields?: readonly ManagedFields[] };
  readonly status?: { readonly observedGeneration?: number; readonly conditions?: readonly Condition[] };
}
interface ManagedFields {
  readonly manager?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

const slow = 30_000;
const maps = serviceTopologyResource as Resource<Read>;
const sessions = debugSessionResource as Resource<Read>;
const servers = toolServerResource as Resource<Read>;
const skills = skillResource as Resource<Read>;

describe('what Flux reads of every kind, by the rules of kstatus', () => {
  let on: Installed;
  let site: Site;
  let standIn: StandIn;
  let proxy: FaultProxy;
  let operator: RunningOperator | undefined;

  beforeAll(async () => {
    on = await install('kstatus');
    site = await startSite();
    standIn = await startStandIn(kafkaTools, () => lagOf(0));
    proxy = await FaultProxy.start({ target: configOf(on.operator.kubeconfig) });
  });
  afterAll(async () => {
    await operator?.stop();
    await proxy.stop();
    await standIn.stop();
    await site.stop();
    await on.close();
  });

  const page = (name: string) => ({
    name,
    type: 'http',
    skill: 'http-health',
    with: { url: `${site.url}/${name}`, samples: 2, intervalMs: 50, timeoutMs: 500 },
  });
  const spec = (service: string, more: object = {}) => ({
    service,
    self: [page('home')],
    verify: { stabilizationSeconds: 1 },
    ...more,
  });
  const asked = (name: string, more: object = {}) => ({
    topologyRef: { name },
    mode: 'Diagnose',
    createdBy: 'dana',
    ...more,
  });

  const read = (of: Resource<Read>, name: string): Promise<Read> =>
    on.admin.client.resource(of).get({ namespace: on.namespace, name }, forever);

  /** What a GitOps controller does: server-side apply, whole. */
  async function apply(kind: string, name: string, fields: object): Promise<void> {
    const object = { apiVersion: 'threehops.dev/v1alpha1', kind, metadata: { name }, spec: fields };
    const args = ['apply', '--server-side', '--field-manager=kustomize-controller', '-n', on.namespace, '-f', '-'];
    const { code, stderr } = await on.cluster.kubectl(args, {
      input: JSON.stringify(object),
      kubeconfig: on.dana.kubeconfig,
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
  }

  /** Until it is read as that; conditions are sound whenever they are seen. */
  const comesTo = (of: Resource<Read>, name: string, wanted: KStatus, reason?: string): Promise<Read> =>
    until(
      `${name} to be ${wanted}${reason === undefined ? '' : `: ${reason}`}`,
      async () => {
        const object = await read(of, name);
        const { conditions } = object.status ?? {};
        if (conditions !== undefined)
          expect(conditionViolations(conditions, object.metadata.generation ?? 0)).toEqual([]);
        const said =
          reason === undefined || conditions?.some((one) => one.type === 'Ready' && one.reason === reason) === true;
        return kstatusOf(object) === wanted && said ? object : undefined;
      },
      slow,
    );
  const typesOf = ({ status }: Read): readonly string[] =>
    (status?.conditions ?? []).map(({ type }) => type).toSorted();

  test('without an operator nothing that it has not seen is current', async () => {
    await apply('ServiceTopology', 'seen', spec('seen'));
    await apply('DebugSession', 'seen', asked('seen'));
    await apply('ToolServer', 'seen', { ...kafkaSample.server.spec, credentials: undefined, url: standIn.url });
    await apply('Skill', 'seen', { ...kafkaSample.skill.spec, toolServerRef: { name: 'seen' } });
    for (const of of [maps, sessions, servers, skills]) {
      const object = await read(of, 'seen');
      expect(object.status).toEqual({ observedGeneration: -1 });
      expect(kstatusOf(object)).toBe('InProgress');
    }
    operator = startOperator(proxy);
    for (const of of [maps, sessions, servers, skills]) {
      const object = await comesTo(of, 'seen', 'Current');
      expect(typesOf(object)).toContain('Ready');
      expect(typesOf(object)).not.toContain('Reconciling');
    }
  });

  test('ServiceTopology: broken it has failed, mended it is current and nothing of that is left', async () => {
    await apply('ServiceTopology', 'mended', spec('mended', { self: [{ ...page('home'), with: {} }] }));
    const broken = await comesTo(maps, 'mended', 'Failed', 'NodesIncomplete');
    expect(typesOf(broken)).toEqual(['Ready', 'Stalled']);
    await apply('ServiceTopology', 'mended', spec('mended'));
    const mended = await comesTo(maps, 'mended', 'Current', 'Resolved');
    expect(mended.status?.observedGeneration).toBe(mended.metadata.generation);
    expect(typesOf(mended)).toEqual(['Ready']);
  });

  test('DebugSession: in progress while it waits, failed without its map, current once it has ended well', async () => {
    await apply('DebugSession', 'early', asked('late'));
    await comesTo(sessions, 'early', 'Failed', 'TopologyNotFound');
    await apply('DebugSession', 'early', asked('late', { suspend: true }));
    await apply('ServiceTopology', 'late', spec('late'));
    await comesTo(sessions, 'early', 'InProgress', 'Suspended');
    await apply('DebugSession', 'early', asked('late', { suspend: false }));
    const ended = await comesTo(sessions, 'early', 'Current', 'NoFaultFound');
    expect(typesOf(ended)).toEqual(['NodesSeen', 'Ready']);
  });

  test('DebugSession: one that has ended stays as it is read, whatever is written to it later', async () => {
    await apply('DebugSession', 'seen', asked('seen', { suspend: true }));
    const after = await comesTo(sessions, 'seen', 'Current');
    expect(after.status?.observedGeneration).toBe(after.metadata.generation);
    expect(after.metadata.generation).toBeGreaterThan(1);
  });

  test('DebugSession: cancelled has failed, and one that is going is terminating', async () => {
    await apply('DebugSession', 'stopped', asked('seen', { suspend: true }));
    await comesTo(sessions, 'stopped', 'InProgress', 'Suspended');
    await apply('DebugSession', 'stopped', asked('seen', { suspend: true, cancel: true }));
    await comesTo(sessions, 'stopped', 'Failed', 'Cancelled');
    const key = { namespace: on.namespace, name: 'stopped' };
    const held = { metadata: { finalizers: ['threehops.dev/test'] } };
    await on.admin.client.resource(sessions).patch(key, { type: 'merge', body: held }, forever);
    await on.cluster.kubectl(['delete', 'dbg', 'stopped', '--wait=false', '-n', on.namespace]);
    expect(kstatusOf(await read(sessions, 'stopped'))).toBe('Terminating');
    await on.admin.client
      .resource(sessions)
      .patch(key, { type: 'merge', body: { metadata: { finalizers: [] } } }, forever);
  });

  test('ToolServer: in progress while it does not answer, failed without a tool that it lists, current again', async () => {
    const gone = { ...kafkaSample.server.spec, credentials: undefined };
    await apply('ToolServer', 'kafka', { ...gone, url: 'http://127.0.0.1:9/mcp' });
    await comesTo(servers, 'kafka', 'InProgress', 'Unreachable');
    await apply('ToolServer', 'kafka', { ...gone, url: standIn.url, tools: { read: ['no-such-tool'] } });
    await comesTo(servers, 'kafka', 'Failed', 'ToolsMissing');
    await apply('ToolServer', 'kafka', { ...gone, url: standIn.url });
    expect(typesOf(await comesTo(servers, 'kafka', 'Current', 'Answers'))).toEqual(['Ready']);
  });

  test('Skill: failed without its server or with an expression that is none, current with both', async () => {
    const whole = { ...kafkaSample.skill.spec, toolServerRef: { name: 'later' } };
    await apply('Skill', 'lag', whole);
    await comesTo(skills, 'lag', 'Failed', 'NoToolServer');
    const [first, ...others] = whole.findings;
    await apply('Skill', 'lag', { ...whole, remedies: [], findings: [{ ...first, when: 'output.' }, ...others] });
    await comesTo(skills, 'lag', 'Failed', 'Invalid');
    await apply('Skill', 'lag', { ...whole, toolServerRef: { name: 'seen' } });
    expect(typesOf(await comesTo(skills, 'lag', 'Current', 'Usable'))).toEqual(['Ready']);
  });

  test('Approval: in progress while it is open, decided or not; current when it is used, failed when it is too late', async () => {
    const store = approvalStore(on.operator.client, { store: { get: () => undefined } } as never, systemClock);
    const api = approvalsOf(on.operator);
    const made = async (name: string): Promise<Approval> => api.create(question(on.namespace, name), forever);
    const statusIn = async (name: string): Promise<KStatus> =>
      kstatusOf(await read(approvalResource as Resource<Read>, name));
    const one = await made('used');
    expect(await statusIn('used')).toBe('InProgress');
    await store.setState(one, 'Open', forever);
    expect(await statusIn('used')).toBe('InProgress');
    const decision = { decision: 'Approved', decidedBy: 'riley' };
    await approvalsOf(on.riley).patch(
      { namespace: on.namespace, name: 'used' },
      { type: 'merge', body: { spec: decision } },
      forever,
    );
    expect(await statusIn('used')).toBe('InProgress');
    const live = await store.live(on.namespace, 'used', forever);
    if (live === undefined) throw new Error('it is there');
    await store.setState(live, 'Consumed', forever);
    expect(await statusIn('used')).toBe('Current');
    for (const state of ['Withdrawn', 'Expired'] as const) {
      await store.setState(await made(state.toLowerCase()), state, forever);
      expect(await statusIn(state.toLowerCase())).toBe('Failed');
    }
  });

  test('Evidence has no status: it is current as soon as it is there', async () => {
    const all = await on.admin.client
      .resource(evidenceResource as Resource<Evidence>)
      .list({ namespace: on.namespace }, forever);
    expect(all.items.length).toBeGreaterThan(0);
    expect(all.items.map(kstatusOf as (object: Evidence) => KStatus)).toEqual(all.items.map(() => 'Current'));
    expect(all.items.every((object) => !('status' in object))).toBe(true);
  });

  test('the operator owns nothing in the spec of what was applied, after a whole session', async () => {
    for (const [of, name] of [
      [maps, 'seen'],
      [sessions, 'seen'],
      [sessions, 'early'],
      [servers, 'seen'],
      [skills, 'seen'],
    ] as const) {
      const { stdout } = await on.cluster.kubectl([
        'get',
        `${of.plural}.threehops.dev`,
        name,
        '-n',
        on.namespace,
        '-o',
        'json',
        '--show-managed-fields',
      ]);
      const { metadata } = JSON.parse(stdout) as Read;
      const entries = metadata.managedFields ?? [];
      const others = entries.filter(({ manager }) => manager !== 'kustomize-controller');
      expect(others.some(({ subresource }) => subresource === 'status')).toBe(true);
      expect(others.filter(({ fieldsV1 }) => fieldsV1 !== undefined && 'f:spec' in fieldsV1)).toEqual([]);
      const own = entries.find(({ manager }) => manager === 'kustomize-controller');
      expect(Object.keys(own?.fieldsV1 ?? {})).toContain('f:spec');
    }
  });
});
