import { ecsReadTool } from '../lib/ecs/api.ts';
import { ecsIdentity } from '../lib/ecs/identity.ts';
import { rollout } from '../lib/ecs/rollout.ts';
import type { Skill } from '../skill.ts';
import { deploySettled } from './checks.ts';
import { parameters } from './parameters.ts';

/** Only waits and verifies: what it looks at, aws-ecs already looks at. */
export const skill: Skill = {
  id: 'deploy-waiter',
  title: 'Deployment waiter (ECS)',
  parameters,
  server: 'aws-ecs',
  tools: { read: [ecsReadTool], write: [] },
  identity: ecsIdentity,
  rollout,
  checks: [deploySettled],
  actions: [],
  remedies: [],
};
