import { expect, test } from 'vitest';
import type { DebugSession, ServiceTopology, ToolServer } from '../../../controller/api/kinds.ts';
import type { ToolClient } from '../../../controller/mcp/client.ts';
import { toolCredentials } from '../../../controller/mcp/credentials.ts';
import { ToolRefused } from '../../../controller/mcp/errors.ts';
import type { ForeignServer } from '../../../controller/mcp/foreign-server.ts';
import type { ToolUse } from '../../../controller/session/dependencies.ts';
import { PooledToolBroker } from '../../../controller/session/tool-broker.ts';

const uid = 'b7a30000-0000-4000-8000-000000000000';
// What the broker reads of it.
const session = { metadata: { uid }, spec: {}, status: { usage: { toolCalls: 8 } } } as unknown as DebugSession;
const bounds = { toolCalls: 10, writes: 1, wallClockSeconds: 60, tokens: 0, blastRadius: 50 };
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
  const skill = { id: 'github', server: 'github', tools: { read: ['list_branches'], write: ['push_commit'] } };
  const use = { skill, access: 'Read', topology: 'shop/shop', shareable: false, ...more } as const;
  const call = () => broker.toolsFor(session, use).call('list_branches', {}, signal);
  const writing = { ...use, access: 'Write', shareable: true } as const;
  const write = () => broker.toolsFor(session, writing).call('push_commit', {}, signal);
  return { call, write, called, counted: () => broker.unwrittenCalls(uid) };
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

test('what writes is done anew, also where answers may be shared', async () => {
  const { write, called } = scene();
  await write();
  expect(called).toEqual(['push_commit']);
});

/** A map in namespace `shop` with ToolServers of its namespace and of another one; tells which server was asked, with what. */
function foreign(skill: ToolUse['skill'], stands: readonly { readonly server: string; readonly name: string }[] = []) {
  const asked: { server: string | ForeignServer; token: string | undefined }[] = [];
  const map = {
    spec: { toolServers: stands.map(({ server, name }) => ({ server, toolServerRef: { name } })) },
  } as unknown as ServiceTopology;
  const resource = (namespace: string, name: string) =>
    ({
      metadata: { namespace, name, uid: `${namespace}-${name}`, generation: 1 },
      spec: {
        url: 'https://mcp.example.com',
        credentials: { secretRef: { name: `${name}-secret` } },
        tools: { read: ['execute_sql', 'explain_query'], write: ['vacuum'] },
        timeoutSeconds: 15,
        maxAnswerKiB: 64,
      },
    }) as unknown as ToolServer;
  const there = new Map([
    ['shop/mcp', resource('shop', 'mcp')],
    ['other/theirs', resource('other', 'theirs')],
  ]);
  const client = { call: async () => ({}) } as unknown as ToolClient;
  const broker = new PooledToolBroker({
    pool: {
      get: async (server, { data }) => {
        asked.push({ server, token: data['token'] });
        return client;
      },
    },
    secrets: { read: async (namespace, name) => toolCredentials({ token: `${namespace}/${name}` }) },
    coalescer: { share: () => Promise.reject(new Error('nothing is shared')) },
    topologies: { get: () => map, referrers: () => [] },
    toolServers: { get: ({ namespace, name }) => there.get(`${namespace}/${name}`) },
    limits: { default: bounds, maximum: { ...bounds, iterations: 1 } },
  });
  const use: ToolUse = { skill, access: 'Read', topology: 'shop/shop', shareable: false };
  const tools = broker.toolsFor(session, use);
  const call = (tool = 'execute_sql') => tools.call(tool, {}, signal);
  return { asked, counted: () => broker.unwrittenCalls(uid), call, further: () => broker.furtherReads(use) };
}

const postgres = { id: 'postgres', server: 'postgres', tools: { read: ['execute_sql'], write: [] } };

test('a server that stands in for an embedded one is asked in its place, with its own Secret and the contract of the other', async () => {
  const { call, asked, counted } = foreign(postgres, [{ server: 'postgres', name: 'mcp' }]);
  await call();
  expect(asked).toMatchObject([{ server: { id: 'shop/mcp', insteadOf: 'postgres' }, token: 'shop/mcp-secret' }]);
  expect(counted()).toBe(1);
});

test('what a ToolServer lists besides to be read may be read as well; what writes there may not, nor what it does not list', async () => {
  const { call, asked, further } = foreign(postgres, [{ server: 'postgres', name: 'mcp' }]);
  expect(further()).toEqual({ server: 'shop/mcp', tools: ['explain_query'] });
  await call('explain_query');
  await expect(call('vacuum')).rejects.toThrow('the skill does not list this tool');
  await expect(call('drop_table')).rejects.toThrow('the skill does not list this tool');
  expect(asked).toHaveLength(1);
});

test('an embedded server has nothing to be read that its skills do not ask for', async () => {
  const { call, asked, further } = foreign(postgres);
  expect(further().tools).toEqual([]);
  await expect(call('explain_query')).rejects.toThrow('the skill does not list this tool');
  expect(asked).toEqual([]);
});

test('a server that stands in for another one is not asked', async () => {
  const { call, asked } = foreign(postgres, [{ server: 'redis', name: 'mcp' }]);
  await call();
  expect(asked).toMatchObject([{ server: 'postgres' }]);
});

test("a team's own skill asks the ToolServer that it names, by that one's word, and the call counts", async () => {
  const { call, asked, counted } = foreign({ ...postgres, id: 'rows', server: 'mcp', toolServer: 'mcp' });
  await call();
  expect(asked).toMatchObject([{ server: { id: 'shop/mcp' } }]);
  expect(asked[0]?.server).not.toHaveProperty('insteadOf');
  expect(counted()).toBe(1);
});

test("a ToolServer of another namespace is none of the map's", async () => {
  const { call, asked } = foreign({ ...postgres, id: 'rows', server: 'theirs', toolServer: 'theirs' });
  await expect(call()).rejects.toThrow('there is no ToolServer theirs in namespace shop');
  expect(asked).toEqual([]);
});
