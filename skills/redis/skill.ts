import type { Skill } from '../skill.ts';
import { serverWell } from './checks.ts';
import { clientListTool, infoTool, sizeTool, slowLogTool } from './info.ts';
import { parameters, redisIdentity } from './parameters.ts';
import { probe } from './probe.ts';

export const skill: Skill = {
  id: 'redis',
  title: 'Redis server',
  parameters,
  server: 'redis',
  tools: { read: [infoTool, clientListTool, sizeTool, slowLogTool], write: [] },
  identity: redisIdentity,
  probe,
  checks: [serverWell],
  actions: [],
  remedies: [],
};

/** The name that the article uses. It is reached as any Redis is, and its findings are `redis.*` too. */
export const elastiCache: Skill = { ...skill, id: 'aws-elasticache', title: 'Amazon ElastiCache for Redis' };
