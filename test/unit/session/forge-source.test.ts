import { expect, test } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { ToolUse, Where } from '../../../controller/session/dependencies.ts';
import { forgeSource } from '../../../controller/session/stores/forge-source.ts';
import { skill as commits } from '../../../skills/commit-push/skill.ts';
import { skill as actions } from '../../../skills/github-actions/skill.ts';
import { skill as github } from '../../../skills/github/skill.ts';
import { MemoryApi } from '../../helpers/session/memory-api.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { shopTopology } from '../../helpers/session/shop.ts';
import { fakeTools } from '../skills/lib/fake-tools.ts';

const signal = new AbortController().signal;

/** What is asked of a forge for a session of the map default/shop, and with which tools. */
function forge(table: Parameters<typeof fakeTools>[0]) {
  const uses: ToolUse[] = [];
  const tools = fakeTools(table);
  const broker = {
    toolsFor(_: unknown, use: ToolUse) {
      uses.push(use);
      return tools;
    },
    furtherReads: () => ({ server: 'github', tools: [] }),
    definitionOf: () => Promise.reject(new Error('nobody asks')),
    unwrittenCalls: () => 0,
    callsWritten: () => undefined,
  };
  const session = new MemoryApi(new FakeClock()).createSession('broken', {
    topologyRef: { name: 'shop' },
    mode: 'Fix',
    reasoner: 'Causal',
    suspend: false,
    cancel: false,
    grantIterations: 0,
  });
  const where: Where = { session, topology: shopTopology(), repository: 'acme/shop' };
  return { source: forgeSource(broker, { github, actions, commits }), where, uses };
}

const commit = (message: string) => ({
  sha: 'a'.repeat(40),
  commit: { message, author: { date: '2026-01-01T00:00:00Z' } },
});

test('branches and their messages are read with the map’s own access, by tools that the skill lists', async () => {
  const asked: JsonObject[] = [];
  const { source, where, uses } = forge({
    list_branches: () => [{ name: 'main' }, { name: 'threehops/broken-beef0001' }],
    list_commits(args) {
      asked.push(args);
      return [commit('second\n\nThreehops-Session: default/broken\n'), commit('first')];
    },
  });
  const [, branch = ''] = await source.branches(where, signal);
  expect(branch).toBe('threehops/broken-beef0001');
  expect(await source.messages(where, branch, signal)).toEqual([
    'second\n\nThreehops-Session: default/broken\n',
    'first',
  ]);
  expect(asked).toEqual([{ owner: 'acme', repo: 'shop', sha: branch, perPage: 100 }]);
  expect(uses).toMatchObject([
    { access: 'Read', topology: 'default/shop', shareable: false },
    { access: 'Read', topology: 'default/shop', shareable: false },
  ]);
  for (const { skill } of uses)
    expect(skill.tools.read).toEqual(expect.arrayContaining(['list_branches', 'list_commits']));
});
