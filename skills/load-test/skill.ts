import type { Skill } from '../skill.ts';
import { loadTest, loadTool } from './load-test.ts';
import { uiTest } from './ui-test.ts';

export const skill: Skill = {
  id: 'load-test',
  title: 'Load and UI tests',
  parameters: { type: 'object', additionalProperties: false, properties: {} },
  server: 'load',
  tools: { read: [], write: [loadTool] },
  identity: () => undefined,
  // They judge a service as a whole, once, before the nodes' own checks.
  checks: [],
  actions: [],
  remedies: [],
};

export const sessionChecks = [
  { check: loadTest, skill },
  { check: uiTest, skill },
] as const;
