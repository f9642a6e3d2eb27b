import { queryTool } from '../lib/logs-call.ts';
import { metricTool } from '../lib/metric-call.ts';
import type { Skill } from '../skill.ts';
import { accountTool } from './account.ts';
import { writeTools } from './actions/operations.ts';
import { setConcurrency } from './actions/set-concurrency.ts';
import { updateConfiguration } from './actions/update-configuration.ts';
import { invocationsOk } from './checks.ts';
import { functionTool } from './function.ts';
import { identity, parameters } from './parameters.ts';
import { probe } from './probe.ts';
import { remedies } from './remedies.ts';

export const skill: Skill = {
  id: 'aws-lambda',
  title: 'AWS Lambda function',
  parameters,
  server: 'aws-lambda',
  tools: { read: [functionTool, accountTool, metricTool, queryTool], write: writeTools },
  identity,
  probe,
  checks: [invocationsOk],
  actions: [updateConfiguration, setConcurrency],
  remedies,
};
