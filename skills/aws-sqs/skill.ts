import { metricTool } from '../lib/metric-call.ts';
import type { Skill } from '../skill.ts';
import { movesTool, redriveDeadLetters, redriveTool } from './actions/redrive-dead-letters.ts';
import { setTimeoutTool, setVisibilityTimeout } from './actions/set-visibility-timeout.ts';
import { queueDraining } from './checks.ts';
import { doubts, identity, parameters } from './parameters.ts';
import { probe } from './probe.ts';
import { attributesTool, listTool } from './queue.ts';
import { remedies } from './remedies.ts';

/** A queue is rarely the cause of what shows in it: its consumer or its producers are. */
export const skill: Skill = {
  id: 'aws-sqs',
  title: 'Amazon SQS queue',
  parameters,
  doubts,
  server: 'aws-sqs',
  tools: { read: [listTool, attributesTool, metricTool, movesTool], write: [setTimeoutTool, redriveTool] },
  identity,
  probe,
  checks: [queueDraining],
  actions: [setVisibilityTimeout, redriveDeadLetters],
  remedies,
};
