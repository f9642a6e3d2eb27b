import { metricTool } from '../lib/metric-call.ts';
import { serverWell } from '../lib/redis/checks.ts';
import { evictWhenFull } from '../lib/redis/eviction-remedy.ts';
import { redisReadTools } from '../lib/redis/info.ts';
import type { Skill } from '../skill.ts';
import { getPolicyTool, setMaxmemoryPolicy, setPolicyTool } from './actions/set-maxmemory-policy.ts';
import { clustersTool, eventsTool, groupsTool } from './control-plane.ts';
import { identity, parameters } from './parameters.ts';
import { probe } from './probe.ts';

export const skill: Skill = {
  id: 'aws-elasticache',
  title: 'Amazon ElastiCache for Redis',
  parameters,
  server: 'aws-elasticache',
  tools: {
    read: [clustersTool, groupsTool, eventsTool, metricTool, getPolicyTool, ...redisReadTools],
    write: [setPolicyTool],
  },
  identity,
  probe,
  checks: [serverWell(probe)],
  actions: [setMaxmemoryPolicy],
  remedies: [evictWhenFull('aws-elasticache')],
};
