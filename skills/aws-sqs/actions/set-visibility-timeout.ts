import type { JsonObject } from '../../../controller/api/json.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import { occurrenceOf } from '../../lib/set-value.ts';
import type { ActionContext, ActionType, Occurrence, RenderedAction, Settlement } from '../../skill.ts';
import { identity, queueName, settingsOf } from '../parameters.ts';
import { Queues } from '../queue.ts';

export const setTimeoutActionId = 'aws-sqs.set-visibility-timeout';
export const setTimeoutTool = 'threehops_set_visibility_timeout';

/** For how long a message is one consumer's alone. Messages that are in flight keep the timeout they were received with. */
export const setVisibilityTimeout: ActionType = {
  id: setTimeoutActionId,
  title: 'Change the visibility timeout of a queue',
  class: 'Infra',
  risk: 'Low',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['seconds'],
    properties: { seconds: { type: 'integer', minimum: 1, maximum: 43_200 } },
  },
  idempotency: 'Natural',
  direction: () => 'visibility-timeout:set',
  render,
  execute,
  probe,
  unchanged: async (context, { frozen }) => (await timeoutOf(context)) === planIn(frozen).from,
  settled,
  rollback(frozen) {
    const { from, seconds, ...queue } = planIn(frozen);
    return { ...queue, from: seconds, seconds: from };
  },
};

type Plan = { readonly queueUrl: string; readonly from: number; readonly seconds: number };

function planIn(frozen: JsonObject): Plan {
  return {
    queueUrl: textOf(frozen['queueUrl']) ?? '',
    from: numberOf(frozen['from']) ?? 0,
    seconds: numberOf(frozen['seconds']) ?? 0,
  };
}

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const { queues, queue } = queuesOf(context);
  const queueUrl = await queues.url(queue);
  const { visibilityTimeoutSeconds: from, visible, inFlight } = await queues.read(queueUrl);
  const seconds = numberOf(parameters['seconds']) ?? 0;
  if (seconds === from) throw new PlanRefused('AlreadySo', `the visibility timeout is ${from} s already`);
  const frozen: Plan = { queueUrl, from, seconds };
  return {
    diff: [
      `queue ${queueName(queueUrl)}: ${visible} messages wait, ${inFlight} are in flight`,
      `- visibility timeout: ${from} s`,
      `+ visibility timeout: ${seconds} s`,
      '# of messages that are received from then on; one whose consumer dies comes back that much later',
    ].join('\n'),
    target: { identity: identity(context.node.with) ?? context.node.id, version: `visibility-timeout ${from}` },
    frozen,
    edits: [],
  };
}

async function execute(context: ActionContext, frozen: JsonObject): Promise<JsonObject> {
  const { queueUrl, from, seconds } = planIn(frozen);
  await context.tools.call(setTimeoutTool, { QueueUrl: queueUrl, seconds, expected: from }, context.signal);
  return { seconds, at: context.clock.now().toISOString() };
}

async function probe(context: ActionContext, frozen: JsonObject): Promise<Occurrence> {
  const { from, seconds } = planIn(frozen);
  const now = await timeoutOf(context);
  return occurrenceOf(now, { from, to: seconds }, { seconds, at: context.clock.now().toISOString() });
}

/** SQS takes up to a minute to let all of its hosts know. */
async function settled(context: ActionContext, frozen: JsonObject): Promise<Settlement> {
  const { seconds } = planIn(frozen);
  const now = await timeoutOf(context);
  return now === seconds
    ? { state: 'Settled', summary: `the visibility timeout is ${seconds} s` }
    : { state: 'Progressing', summary: `the visibility timeout still shows as ${now} s` };
}

async function timeoutOf(context: ActionContext): Promise<number> {
  const { queues, queue } = queuesOf(context);
  return (await queues.read(await queues.url(queue))).visibilityTimeoutSeconds;
}

function queuesOf({ node, tools, signal }: ActionContext): { readonly queues: Queues; readonly queue: string } {
  const { queue, region } = settingsOf(node.with);
  return { queues: new Queues(tools, region, signal), queue };
}
