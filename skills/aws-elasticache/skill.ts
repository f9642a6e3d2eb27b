import { metricTool } from '../lib/metric-call.ts';
import { connectionOf } from '../lib/redis/address.ts';
import { serverWell } from '../lib/redis/checks.ts';
import { redisReadTools } from '../lib/redis/info.ts';
import type { Skill } from '../skill.ts';
import { setParameterTool } from './actions/parameter-act.ts';
import { restoreParameter } from './actions/restore-parameter.ts';
import { setMaxmemoryPolicy } from './actions/set-maxmemory-policy.ts';
import { parametersTool } from './cache-parameters.ts';
import { clustersTool, eventsTool, groupsTool } from './control-plane.ts';
import { identity, parameters } from './parameters.ts';
import { probe } from './probe.ts';
import { remedies } from './remedies.ts';

export const skill: Skill = {
  id: 'aws-elasticache',
  title: 'Amazon ElastiCache for Redis',
  parameters,
  server: 'aws-elasticache',
  tools: {
    read: [clustersTool, groupsTool, eventsTool, metricTool, parametersTool, ...redisReadTools],
    write: [setParameterTool],
  },
  identity,
  place: (node) => ({ connection: undefined, ...connectionOf(node) }),
  probe,
  checks: [serverWell(probe)],
  actions: [setMaxmemoryPolicy, restoreParameter],
  remedies,
};
