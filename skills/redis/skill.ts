import { connectionOf, redisIdentity } from '../lib/redis/address.ts';
import { serverWell } from '../lib/redis/checks.ts';
import { evictWhenFull } from '../lib/redis/eviction-remedy.ts';
import { redisReadTools } from '../lib/redis/info.ts';
import { probe } from '../lib/redis/look.ts';
import type { Skill } from '../skill.ts';
import { setMaxmemoryPolicy, setPolicyTool } from './actions/set-maxmemory-policy.ts';
import { parameters } from './parameters.ts';

export const skill: Skill = {
  id: 'redis',
  title: 'Redis server',
  parameters,
  server: 'redis',
  tools: { read: redisReadTools, write: [setPolicyTool] },
  identity: redisIdentity,
  place: (node) => ({ connection: undefined, ...connectionOf(node) }),
  probe,
  checks: [serverWell(probe)],
  actions: [setMaxmemoryPolicy],
  remedies: [evictWhenFull('redis')],
};
