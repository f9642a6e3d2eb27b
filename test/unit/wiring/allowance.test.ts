import { expect, test } from 'vitest';
import type { ServiceTopology, ToolServer } from '../../../controller/api/kinds.ts';
import { defaultConfig } from '../../../controller/config/load.ts';
import { allowanceOf } from '../../../controller/wiring/allowance.ts';
import { skill as ecs } from '../../../skills/aws-ecs/skill.ts';

const map = (server: string) =>
  ({
    metadata: { namespace: 'shop', name: 'shop' },
    spec: { toolServers: [{ server, toolServerRef: { name: 'theirs' } }] },
  }) as unknown as ServiceTopology;

const serverWith = (write: readonly string[]) => ({
  get: ({ namespace, name }: { readonly namespace: string; readonly name: string }) =>
    namespace === 'shop' && name === 'theirs' ? ({ spec: { tools: { write } } } as unknown as ToolServer) : undefined,
});

const said = (write: readonly string[], server: string): string | undefined =>
  allowanceOf(defaultConfig.allow, serverWith(write)).unavailable(map(server), ecs);

test("actions are not available under a server that lists none of their skill's write tools", () => {
  expect(said([], 'aws-ecs')).toContain('ToolServer theirs, which stands in for aws-ecs, lists none of the tools');
});

test.each<[string, readonly string[], string]>([
  ['lists one of them', [ecs.tools.write[0] ?? ''], 'aws-ecs'],
  ['stands in for something else', [], 'postgres'],
])('actions are available under a server that %s', (_, write, server) => {
  expect(said(write, server)).toBeUndefined();
});
