import { metricTool } from '../lib/metric-call.ts';
import { serverWell } from '../lib/redis/checks.ts';
import { redisReadTools } from '../lib/redis/info.ts';
import type { Skill } from '../skill.ts';
import { clustersTool, eventsTool, groupsTool } from './control-plane.ts';
import { identity, parameters } from './parameters.ts';
import { probe } from './probe.ts';

export const skill: Skill = {
  id: 'aws-elasticache',
  title: 'Amazon ElastiCache for Redis',
  parameters,
  server: 'aws-elasticache',
  tools: { read: [clustersTool, groupsTool, eventsTool, metricTool, ...redisReadTools], write: [] },
  identity,
  probe,
  checks: [serverWell(probe)],
  actions: [],
  remedies: [],
};
