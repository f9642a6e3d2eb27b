import { metricTool } from '../lib/metric-call.ts';
import type { Skill } from '../skill.ts';
import { alarmTool } from './alarm-findings.ts';
import { errorRate } from './checks.ts';
import { queryTool } from '../lib/logs-call.ts';
import { doubts, identity, parameters } from './parameters.ts';
import { probe } from './probe.ts';

/** Looks and judges; what heals an error in a log belongs to the skills of what wrote it. */
export const skill: Skill = {
  id: 'cloudwatch',
  title: 'Amazon CloudWatch logs, metrics and alarms',
  parameters,
  doubts,
  server: 'cloudwatch',
  tools: { read: [queryTool, metricTool, alarmTool], write: [] },
  identity,
  probe,
  checks: [errorRate],
  actions: [],
  remedies: [],
};
