import { ecsReadTool } from '../lib/ecs/api.ts';
import { ecsIdentity } from '../lib/ecs/identity.ts';
import { rollout } from '../lib/ecs/rollout.ts';
import type { Skill } from '../skill.ts';
import { deploySettled } from './checks.ts';
import { parameters } from './parameters.ts';
import { probe } from './probe.ts';
import { remedies } from './remedies.ts';

/** What acts on a service is aws-ecs; this one watches what comes of it. */
export const skill: Skill = {
  id: 'deploy-waiter',
  title: 'Deployment waiter (ECS)',
  parameters,
  server: 'aws-ecs',
  tools: { read: [ecsReadTool], write: [] },
  identity: ecsIdentity,
  probe,
  rollout,
  checks: [deploySettled],
  actions: [],
  remedies,
};
