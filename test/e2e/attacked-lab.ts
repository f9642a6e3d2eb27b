import { gunzipSync } from 'node:zlib';
import type { Approval, DebugSession, Evidence, ServiceTopology } from '../../controller/api/kinds.ts';
import { hasEnded } from '../../controller/session/transition.ts';
import type { Answered } from '../../controller/reasoning/claude/diagnose-tool.ts';
import { blocksOf, type WireRequest } from '../helpers/messages-api/wire.ts';
import type { OpenLab } from '../lab/host/open-lab.ts';
import { runSession } from '../lab/host/session.ts';
import { watchSession } from '../lab/host/watch-session.ts';

/** What is true of the lab's fault, in a model's words, by what it was told: the service's tasks have too little memory. */
export function honestAnswer({ names }: OpenLab, request: WireRequest): Answered {
  const compute = `${names.payments}/${names.nodes.compute}`;
  const { node, id, kind } = worstOf(names.payments, compute, toldIn(request));
  const action = 'aws-ecs.update-task-definition';
  return {
    claims: [{ text: 'Its tasks die of their memory limit.', findings: [id] }],
    gaps: [],
    verdict: 'Cause',
    rootCause: { node, kind, summary: 'Tasks die of their limit.', confidencePercent: 90 },
    chain: [node, names.payments],
    alternatives: [],
    fix: { action, node: compute, parameters: '{"memory":512}', rationale: 'more memory' },
    predictions: [{ node, findingGone: kind, withinSeconds: 60 }],
  };
}

/** All that was told at first. */
function toldIn({ messages: [first] }: WireRequest): string {
  const blocks = first === undefined ? [] : blocksOf(first);
  return blocks.map((block) => ('text' in block ? String(block.text) : '')).join('\n');
}

interface Found {
  readonly node: string;
  readonly id: string;
  readonly kind: string;
}

/** What hurts at a node; where nobody could look at it, what hurts elsewhere at the service. */
function worstOf(service: string, node: string, told: string): Found {
  const hurting: Found[] = [];
  let at = '';
  for (const line of told.split('\n')) {
    at = /^at "(.+)":$/.exec(line)?.[1] ?? at;
    const [, id, kind] = /"id":"([^"]+)","kind":"([^"]+)","severity":"(?:Critical|Warning)"/.exec(line) ?? [];
    if (id !== undefined && kind !== undefined && at.startsWith(`${service}/`)) hurting.push({ node: at, id, kind });
  }
  const found = hurting.find((one) => one.node === node) ?? hurting[0];
  if (found === undefined) throw new Error(`nothing ails ${service}`);
  return found;
}

/** Runs a session until a person is asked; cancelled then, it leaves nothing under way. Answers it as it asked, or as it ended. */
export async function untilAsked(open: OpenLab, name: string, symptom: string): Promise<DebugSession> {
  let asked: DebugSession | undefined;
  const request = { name, order: { service: 'payments', symptom }, mode: 'Fix', engine: 'Claude' } as const;
  const last = await runSession(open, request, (event) => {
    if (asked !== undefined || event.kind !== 'Session' || !isAsking(event.session)) return;
    asked = event.session;
    void cancel(open, name);
  });
  return asked ?? last;
}

/** Cancels whatever goes on: a session is folded into one that does. */
export async function endAll(open: OpenLab): Promise<void> {
  const { platform, namespace, signal } = open;
  const sessions = await objectsOf<DebugSession>(open, 'debugsessions.threehops.dev');
  for (const { metadata } of sessions.filter(({ status }) => !hasEnded(status?.phase))) {
    await cancel(open, metadata.name);
    const kubeconfig = platform.kubeconfigs.author;
    const watched = { namespace, name: metadata.name, signal, cluster: platform.controlPlane, kubeconfig };
    await watchSession(
      watched,
      () => undefined,
      ({ status }) => hasEnded(status?.phase),
    );
  }
}

function isAsking({ status }: DebugSession): boolean {
  return status?.phase === 'AwaitingApproval' && status.approvalRef !== undefined;
}

async function cancel({ platform, namespace }: OpenLab, session: string): Promise<void> {
  const patch = ['patch', 'debugsessions.threehops.dev', session, '--namespace', namespace, '--type', 'merge'];
  const { author: kubeconfig } = platform.kubeconfigs;
  await platform.controlPlane.kubectl([...patch, '--patch', '{"spec":{"cancel":true}}'], { kubeconfig });
}

/** As the cluster's administrator sees them. */
async function objectsOf<T>({ platform, namespace }: OpenLab, kind: string): Promise<readonly T[]> {
  const args = ['get', kind, '--namespace', namespace, '--output', 'json'];
  return (JSON.parse((await platform.controlPlane.kubectl(args)).stdout) as { readonly items: readonly T[] }).items;
}

/** Whatever is done anywhere asks a person first, and `change` changes one map besides. */
export async function askAlways(open: OpenLab, change: (map: ServiceTopology) => readonly object[]): Promise<void> {
  const { namespace, platform } = open;
  const { author: kubeconfig } = platform.kubeconfigs;
  for (const map of await objectsOf<ServiceTopology>(open, 'servicetopologies.threehops.dev')) {
    const asking = { op: 'add', path: '/spec/policy/approvals', value: map.spec.policy?.actions ?? [] };
    const patch = JSON.stringify([asking, ...change(map)]);
    const args = ['patch', 'servicetopologies.threehops.dev', map.metadata.name, '--namespace', namespace];
    await platform.controlPlane.kubectl([...args, '--type', 'json', '--patch', patch], { kubeconfig });
  }
}

export function approvalsOf(open: OpenLab): Promise<readonly Approval[]> {
  return objectsOf(open, 'approvals.threehops.dev');
}

/** All that the cluster has of sessions: their states, questions and Events, and what was frozen as text. */
export async function writtenDown(open: OpenLab): Promise<string> {
  const plain = ['debugsessions.threehops.dev', 'approvals.threehops.dev', 'events'];
  const objects = await Promise.all(plain.map((kind) => objectsOf<object>(open, kind)));
  const evidence = await objectsOf<Evidence>(open, 'evidences.threehops.dev');
  return [JSON.stringify(objects), ...frozenIn(evidence)].join('\n');
}

function frozenIn(evidence: readonly Evidence[]): readonly string[] {
  const whole = Map.groupBy(evidence, ({ spec }) => `${spec.sessionUID} ${spec.digest} ${spec.chunks}`);
  return [...whole.values()].map((chunks) => {
    const inOrder = chunks.toSorted((a, b) => a.spec.chunk - b.spec.chunk);
    return gunzipSync(Buffer.from(inOrder.map(({ spec }) => spec.data).join(''), 'base64')).toString('utf8');
  });
}

/** Values of the namespace's Secrets that are long enough to be told from words. */
export async function secretValues(open: OpenLab): Promise<readonly string[]> {
  const secrets = await objectsOf<{ readonly data?: Readonly<Record<string, string>> }>(open, 'secrets');
  const values = secrets.flatMap(({ data = {} }) => Object.values(data));
  return values.map((value) => Buffer.from(value, 'base64').toString('utf8')).filter((value) => value.length >= 12);
}
