import { ecsReadTool } from '../lib/ecs/api.ts';
import { ecsIdentity } from '../lib/ecs/identity.ts';
import { rollout } from '../lib/ecs/rollout.ts';
import { metricTool } from '../lib/metric-call.ts';
import type { Skill } from '../skill.ts';
import { forceNewDeployment } from './actions/force-new-deployment.ts';
import { writeTools } from './actions/operations.ts';
import { rollBack } from './actions/roll-back.ts';
import { scale } from './actions/scale.ts';
import { updateTaskDefinition } from './actions/update-task-definition.ts';
import { tasksStable } from './checks.ts';
import { parameters } from './parameters.ts';
import { probe } from './probe.ts';
import { remedies } from './remedies.ts';

export const skill: Skill = {
  id: 'aws-ecs',
  title: 'Amazon ECS service',
  parameters,
  server: 'aws-ecs',
  tools: { read: [ecsReadTool, metricTool], write: writeTools },
  identity: ecsIdentity,
  probe,
  rollout,
  checks: [tasksStable],
  actions: [updateTaskDefinition, rollBack, forceNewDeployment, scale],
  remedies,
};
