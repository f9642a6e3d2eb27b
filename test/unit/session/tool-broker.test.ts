import { expect, test } from 'vitest';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import type { ToolClient } from '../../../controller/mcp/client.ts';
import { ToolRefused } from '../../../controller/mcp/errors.ts';
import type { ToolUse } from '../../../controller/session/dependencies.ts';
import { PooledToolBroker } from '../../../controller/session/tool-broker.ts';

const uid = 'b7a30000-0000-4000-8000-000000000000';
// What the broker reads of it.
const session = { metadata: { uid }, spec: {}, status: { usage: { toolCalls: 8 } } } as unknown as DebugSession;
const bounds = { toolCalls: 10, writes: 1, wallClockSeconds: 60 };
const signal = new AbortController().signal;

/** Of a session that has two of its ten calls left; answers what was called and what is counted. */
function scene(more: Pick<ToolUse, 'unlimited' | 'uncounted'> = {}) {
  const called: string[] = [];
  const client = { call: async (tool: string) => (called.push(tool), {}) } as unknown as ToolClient;
  const broker = new PooledToolBroker({
    pool: { get: async () => client },
    secrets: { read: () => Promise.reject(new Error('no map, no Secret')) },
    coalescer: { share: () => Promise.reject(new Error('nothing is shared')) },
    topologies: { get: () => undefined, referrers: () => [] },
    toolServers: { get: () => undefined },
    limits: { default: bounds, maximum: { ...bounds, iterations: 1 } },
  });
  const skill = { id: 'github', server: 'github', tools: { read: ['list_branches'], write: [] } };
  const use = { skill, access: 'Read', topology: 'shop/shop', shareable: false, ...more } as const;
  const call = () => broker.toolsFor(session, use).call('list_branches', {}, signal);
  return { call, called, counted: () => broker.unwrittenCalls(uid) };
}

test('a session has its calls and no more', async () => {
  const { call, called, counted } = scene();
  await call();
  await call();
  await expect(call()).rejects.toThrow(ToolRefused);
  expect([called.length, counted()]).toEqual([2, 2]);
});

test('what must not stop half-way is counted and not refused', async () => {
  const { call, called, counted } = scene({ unlimited: true });
  for (let turn = 0; turn < 5; turn += 1) await call();
  expect([called.length, counted()]).toEqual([5, 5]);
});

test('looking while a person is waited for costs the session nothing', async () => {
  const { call, called, counted } = scene({ unlimited: true, uncounted: true });
  for (let turn = 0; turn < 5; turn += 1) await call();
  expect([called.length, counted()]).toEqual([5, 0]);
});
