import type { Skill } from '../skill.ts';
import { getTool, identity, listTool, logTool } from './api.ts';
import { changeTool } from './actions/operations.ts';
import { restart } from './actions/restart.ts';
import { scale } from './actions/scale.ts';
import { undoRollout } from './actions/undo-rollout.ts';
import { updateContainer } from './actions/update-container.ts';
import { rolloutComplete } from './checks.ts';
import { parameters } from './parameters.ts';
import { probe } from './probe.ts';
import { remedies } from './remedies.ts';
import { rollout } from './rollout.ts';

export const skill: Skill = {
  id: 'kubernetes',
  title: 'Kubernetes Deployment',
  parameters,
  server: 'kubernetes',
  tools: { read: [getTool, listTool, logTool], write: [changeTool] },
  identity,
  place: ({ context, namespace }) => ({ context, namespace }),
  probe,
  rollout,
  checks: [rolloutComplete],
  actions: [updateContainer, undoRollout, restart, scale],
  remedies,
};
