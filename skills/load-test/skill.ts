import type { Skill } from '../skill.ts';
import { loadTest, loadTool } from './load-test.ts';
import { parameters } from './parameters.ts';
import { pageIdentity, probe } from './probe.ts';
import { flowTool, lookTool } from './ui-report.ts';
import { uiTest } from './ui-test.ts';

export const skill: Skill = {
  id: 'load-test',
  title: 'Load and UI tests',
  parameters,
  server: 'load',
  tools: { read: [lookTool], write: [loadTool, flowTool] },
  identity: pageIdentity,
  place: ({ url, steps, origins }) => ({ url, steps, origins }),
  probe,
  // They judge a service as a whole, once, before the nodes' own checks.
  checks: [],
  actions: [],
  remedies: [],
};

export const sessionChecks = [
  { check: loadTest, skill },
  { check: uiTest, skill },
] as const;
