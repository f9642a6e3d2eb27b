import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Approval, DebugSession } from '../../controller/api/kinds.ts';
import { startMessagesApi, type MessagesApi } from '../helpers/messages-api/server.ts';
import { blocksOf, type Script, type WireBlock, type WireRequest } from '../helpers/messages-api/wire.ts';
import { fault } from '../lab/faults/small-memory.ts';
import { openLab, type OpenLab } from '../lab/host/open-lab.ts';
import { runSession } from '../lab/host/session.ts';
import { until } from '../lab/parts/process.ts';
import { decide } from './decide.ts';

/** Two engines at work on real parts. What the model says is scripted, so that it says something else than the Causal engine. */

const minute = 60_000;
const model = 'stand-in-1';
const apiKey = `key-${randomUUID()}`;
const writes: string[] = [];
let api: MessagesApi;
let open: OpenLab;
beforeAll(async () => {
  api = await startMessagesApi({ apiKey, models: [model], script: looksAndErrs });
  open = await openLab(fault, {
    signal: new AbortController().signal,
    tell: () => undefined,
    model: { baseUrl: api.baseUrl, apiKey, model },
    onWrite: (what, phase) => void (phase === 'received' && writes.push(what)),
  });
}, 5 * minute);
afterAll(async () => {
  await open.close();
  await api.close();
});

/** Looks at the queues first, and then takes what it sees for the cause. */
const looksAndErrs: Script = (request, number) => {
  const isFirst = request.messages.length === 1;
  const uses = isFirst ? [lookAt(request)] : [{ name: 'diagnose', input: shallowOf(request) }];
  const content = uses.map((use, index): WireBlock => ({ type: 'tool_use', id: `toolu_${number}_${index}`, ...use }));
  return { content };
};

/** At the node of the queue, as the graph names it. */
function lookAt(request: WireRequest): { readonly name: string; readonly input: unknown } {
  const [, node] = /^"([^"]+)": .*\bskill aws-sqs\b/m.exec(toldIn(request)) ?? [];
  return { name: 'aws-sqs__list_queues', input: { node, arguments: {} } };
}

/** All that was told at first. */
function toldIn({ messages: [first] }: WireRequest): string {
  const blocks = first === undefined ? [] : blocksOf(first);
  return blocks.map((block) => ('text' in block ? String(block.text) : '')).join('\n');
}

/** The worst finding at the service of the symptom, and nothing to be done about it. */
function shallowOf(request: WireRequest): unknown {
  const found = [
    ...toldIn(request).matchAll(/at "([^"]+)":|"id":"([^"]+)","kind":"([^"]+)","severity":"(Critical|Warning)"/g),
  ];
  let at = '';
  for (const [, node, id, kind] of found) {
    if (node !== undefined) at = node;
    else if (at.startsWith(`${open.names.payments}/`)) return causeAt(at, id ?? '', kind ?? '');
  }
  throw new Error('nothing ails the service');
}

function causeAt(node: string, finding: string, kind: string): unknown {
  const rootCause = { node, kind, summary: 'it is seen', confidencePercent: 60 };
  const claims = [{ text: 'it is seen', findings: [finding] }];
  const nothing = { gaps: [], alternatives: [], fix: null, predictions: [] };
  return { ...nothing, claims, verdict: 'Cause', rootCause, chain: [node, open.names.payments] };
}

async function openApproval(): Promise<Approval | undefined> {
  const args = ['get', 'approvals.threehops.dev', '--namespace', open.namespace, '--output', 'json'];
  const { items } = JSON.parse((await open.platform.controlPlane.kubectl(args)).stdout) as { items: Approval[] };
  return items.find(({ status }) => status?.state === 'Open');
}

it(
  'a disagreement waits for a person, who is told both, and then the one that was approved is done',
  async () => {
    const seen: DebugSession[] = [];
    const before = writes.length;
    const request = { name: 'both', order: fault.session, mode: 'Fix', engine: 'Both' } as const;
    const session = runSession(open, request, (event) => void (event.kind === 'Session' && seen.push(event.session)));
    const { spec } = await until('the question', openApproval, 2 * minute, 500);

    expect(spec.gate).toBe('Disagreement');
    expect(spec.summary).toContain('This is what Causal would do. Claude says:');
    const asking = seen.at(-1)?.status;
    expect(asking?.diagnosis).toMatchObject({
      engine: 'Causal',
      rootCause: fault.expected.causes(open.names)[0],
      otherOpinion: { engine: 'Claude' },
    });
    expect(asking?.usage).toMatchObject({ modelRequests: 2 });
    expect(writes.slice(before)).toEqual([]);
    // It looked, and was told what is there.
    expect(JSON.stringify(api.asked[1]?.messages.at(-1))).toContain(open.names.queue);

    await decide(
      open,
      { session: 'both', decision: { decision: 'Approved' } },
      ({ status }) => status?.phase !== 'AwaitingApproval',
    );
    expect((await session).status).toMatchObject({ outcome: 'Fixed', plan: { action: fault.expected.fixes[0] } });
  },
  5 * minute,
);

it('what was diagnosed is diagnosed again offline, to the byte, from what the cluster keeps of it', async () => {
  const args = ['get', 'evidences.threehops.dev', '--namespace', open.namespace, '--output', 'json'];
  const kept = (await open.platform.controlPlane.kubectl(args)).stdout;
  const cli = join(import.meta.dirname, '../../controller/cli/main.ts');
  const told = spawnSync(process.execPath, [cli, 'replay', '-'], { input: kept, encoding: 'utf8' });
  expect(told.stderr).toContain('2 made again; 1 of 1 the same as kept; 1 by another engine and not compared');
  expect(told.status).toBe(0);
  expect(
    told.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toMatchObject([
    { verdict: 'Cause', rootCause: fault.expected.causes(open.names)[0] },
    { verdict: 'Cause', rootCause: fault.expected.causes(open.names)[0] },
  ]);
});
