import type { JsonObject } from '../../../controller/api/json.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { listOf, numberOf, objectOf, textOf } from '../../lib/reading.ts';
import type { ActionContext, ActionType, Occurrence, RenderedAction, Settlement } from '../../skill.ts';
import { identity, queueName, settingsOf } from '../parameters.ts';
import { Queues } from '../queue.ts';

export const movesTool = 'threehops_list_message_moves';
export const redriveTool = 'threehops_redrive_dead_letters';

const defaults = { maxLetters: 1000, perSecond: 10 };

/**
 * Gives dead letters to their consumer once more. That repairs nothing: while what killed them is still there they come back, so no
 * remedy proposes it. Fenced by the moves seen before; nothing takes it back, since the consumer takes them at once.
 */
export const redriveDeadLetters: ActionType = {
  id: 'aws-sqs.redrive-dead-letters',
  title: 'Move dead letters back to their queue',
  class: 'Infra',
  risk: 'Medium',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      maxLetters: {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        description: 'Nothing is moved where there are more',
      },
      perSecond: { type: 'integer', minimum: 1, maximum: 500 },
    },
  },
  idempotency: 'Fenced',
  direction: () => 'dead-letters:redrive',
  render,
  execute,
  probe,
  unchanged: async (context, { frozen }) =>
    lastOf(await movesOf(context, planIn(frozen).queueUrl)) === planIn(frozen).lastMove,
  settled,
};

type Plan = {
  /** Of the dead-letter queue. */
  readonly queueUrl: string;
  /** When the newest move began that the plan saw, in milliseconds since the epoch; 0 for none. */
  readonly lastMove: number;
  readonly maxLetters: number;
  readonly perSecond: number;
};

function planIn(frozen: JsonObject): Plan {
  return frozen as unknown as Plan;
}

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const { queue, dlq, region } = settingsOf(context.node.with);
  const queues = new Queues(context.tools, region, context.signal);
  const source = await queues.url(queue);
  const named = dlq ?? (await queues.read(source)).redrive?.target;
  if (named === undefined) throw new PlanRefused('NoDeadLetterQueue', `${queueName(source)} has no dead-letter queue`);
  const queueUrl = await queues.url(named);
  const { visible: letters } = await queues.read(queueUrl);
  const maxLetters = numberOf(parameters['maxLetters']) ?? defaults.maxLetters;
  const perSecond = numberOf(parameters['perSecond']) ?? defaults.perSecond;
  if (letters === 0) throw new PlanRefused('NoLetters', `${queueName(queueUrl)} is empty`);
  if (letters > maxLetters) throw new PlanRefused('AboveLimit', `${letters} letters are more than ${maxLetters}`);
  const lastMove = lastOf(await movesOf(context, queueUrl));
  const frozen: Plan = { queueUrl, lastMove, maxLetters, perSecond };
  return {
    diff: [
      `- ${letters} messages in ${queueName(queueUrl)}`,
      `+ the same in ${queueName(source)}, ${perSecond} a second, to be worked on once more`,
    ].join('\n'),
    target: { identity: identity(context.node.with) ?? context.node.id, version: `last move ${lastMove}` },
    frozen,
    edits: [],
  };
}

async function execute(context: ActionContext, frozen: JsonObject): Promise<JsonObject> {
  const { queueUrl, lastMove, maxLetters, perSecond } = planIn(frozen);
  const args = { QueueUrl: queueUrl, expectedLastMove: lastMove, maxLetters, perSecond };
  const answer = objectOf(await context.tools.call(redriveTool, args, context.signal));
  return { letters: numberOf(answer['letters']) ?? 0, at: context.clock.now().toISOString() };
}

/** A move that began after the plan is ours or does the same. */
async function probe(context: ActionContext, frozen: JsonObject): Promise<Occurrence> {
  const { queueUrl, lastMove } = planIn(frozen);
  const [newest] = await movesOf(context, queueUrl);
  if (newest === undefined || newest.startedAt <= lastMove) return { verdict: 'Absent', evidence: {} };
  return { verdict: 'Happened', evidence: { letters: newest.toMove, at: context.clock.now().toISOString() } };
}

async function settled(context: ActionContext, frozen: JsonObject): Promise<Settlement> {
  const [newest] = await movesOf(context, planIn(frozen).queueUrl);
  if (newest === undefined) return { state: 'Progressing', summary: 'the move does not show yet' };
  const { status, moved, toMove } = newest;
  const summary = `${moved} of ${toMove} letters moved: ${status}`;
  if (status === 'COMPLETED') return { state: 'Settled', summary };
  return { state: ['FAILED', 'CANCELLED'].includes(status) ? 'Failed' : 'Progressing', summary };
}

interface Move {
  readonly startedAt: number;
  readonly status: string;
  readonly moved: number;
  readonly toMove: number;
}

/** Newest first. */
async function movesOf({ tools, node, signal }: ActionContext, queueUrl: string): Promise<readonly Move[]> {
  const { region } = settingsOf(node.with);
  const args = { QueueUrl: queueUrl, ...(region === undefined ? {} : { region }) };
  const answer = objectOf(await tools.call(movesTool, args, signal));
  return listOf(answer['moves']).map((one) => {
    const move = objectOf(one);
    const number = (name: string): number => numberOf(move[name]) ?? 0;
    const status = textOf(move['status']) ?? 'UNKNOWN';
    return { startedAt: number('startedAt'), status, moved: number('moved'), toMove: number('toMove') };
  });
}

function lastOf([newest]: readonly Move[]): number {
  return newest?.startedAt ?? 0;
}
