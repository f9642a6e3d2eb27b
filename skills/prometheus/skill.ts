import type { Skill } from '../skill.ts';
import { connectionOf, queryTool, rangeTool, targetsTool } from './calls.ts';
import { withinThreshold } from './checks.ts';
import { doubts, identity, parameters } from './parameters.ts';
import { probe } from './probe.ts';

/** Looks and judges; what heals a number that went wrong belongs to the skills of what it measures. */
export const skill: Skill = {
  id: 'prometheus',
  title: 'Prometheus queries, alerts and targets',
  parameters,
  doubts,
  server: 'prometheus',
  tools: { read: [queryTool, rangeTool, targetsTool], write: [] },
  identity,
  place: (node) => ({ connection: undefined, ...connectionOf(node) }),
  probe,
  checks: [withinThreshold],
  actions: [],
  remedies: [],
};
