import type { JsonObject } from '../../../controller/api/json.ts';
import { contentVersion } from '../../lib/content-version.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import type { ActionContext, ActionType, Occurrence, RenderedAction, Settlement } from '../../skill.ts';
import { type Activity, readActivity, readBackend, type Session } from '../activity.ts';
import { addressOf, postgresIdentity } from '../address.ts';
import { blockingChains } from '../chains.ts';
import { ageSeconds, nameOf } from '../sessions.ts';

export const cancelActionId = 'postgres.cancel-backend';
const cancelTool = 'threehops_cancel_backend';

const moment = { type: 'string', format: 'date-time', maxLength: 40 };

/**
 * Cancels one statement that holds others up. Gentler than to end its backend: the client keeps its connection and is told. Fenced by pid,
 * start and statement; nothing takes it back.
 */
export const cancelBackend: ActionType = {
  id: cancelActionId,
  title: 'Cancel a statement that blocks others',
  class: 'Infra',
  risk: 'Medium',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['pid', 'backendStart', 'queryStart'],
    properties: {
      pid: { type: 'integer', minimum: 1 },
      backendStart: moment,
      queryStart: moment,
      application: { type: 'string', maxLength: 63, description: 'its application_name' },
    },
  },
  idempotency: 'Fenced',
  // The program's next statement is the same idea again.
  direction: (parameters) => `cancel:${textOf(parameters['application']) ?? textOf(parameters['backendStart']) ?? ''}`,
  render,
  execute,
  probe,
  unchanged: async (context, { frozen }) => running(await readActivity(context), frozen) !== undefined,
  settled,
};

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const activity = await readActivity(context);
  const session = running(activity, parameters);
  if (session === undefined)
    throw new PlanRefused('NotBlocking', 'this statement has ended, or blocks nobody any more');
  const { pid, backendStart = '', queryStart = '' } = session;
  const frozen = { pid, backendStart, queryStart };
  return {
    diff: describe(activity, session),
    target: {
      identity: postgresIdentity(context.node.with) ?? context.node.id,
      version: contentVersion([[String(pid), JSON.stringify(frozen)]]),
    },
    frozen,
    edits: [],
  };
}

/** The session while it is the one that was meant, still in that statement, and at the root of a chain. */
function running(activity: Activity, meant: JsonObject): Session | undefined {
  const session = activity.sessions.get(numberOf(meant['pid']) ?? 0);
  const blocks = blockingChains(activity.waits).some(({ root }) => root === session?.pid);
  return session !== undefined && blocks && isInStatement(session, meant) ? session : undefined;
}

function isInStatement(session: Session, meant: JsonObject): boolean {
  return (
    session.backendStart === meant['backendStart'] &&
    session.queryStart === meant['queryStart'] &&
    session.state === 'active'
  );
}

function describe(activity: Activity, session: Session): string {
  const blocked = blockingChains(activity.waits).find(({ root }) => root === session.pid)?.blocked.length ?? 0;
  const { queryStart, transactionStart, pid, query } = session;
  const age = (since: string | undefined): string =>
    since === undefined ? 'unknown' : `${ageSeconds(since, activity.at)} s`;
  return [
    `- backend ${pid} of ${nameOf(session)}, in one statement for ${age(queryStart)}, transaction open for ${age(transactionStart)}`,
    `    statement: ${query === '' ? 'not visible' : query}`,
    `    blocks: ${blocked} sessions`,
    '+ cancelled; its transaction fails and its locks are free, its connection stays',
  ].join('\n');
}

async function execute(context: ActionContext, frozen: JsonObject): Promise<JsonObject> {
  const address = addressOf(context.node.with);
  const connection = Object.keys(address).length === 0 ? {} : { connection: address };
  await context.tools.call(cancelTool, { ...frozen, ...connection }, context.signal);
  return { ...frozen, at: context.clock.now().toISOString() };
}

async function probe(context: ActionContext, frozen: JsonObject): Promise<Occurrence> {
  const session = await readBackend(context, numberOf(frozen['pid']) ?? 0);
  if (session !== undefined && session.backendStart === undefined) return { verdict: 'Unknown', evidence: {} };
  if (session !== undefined && isInStatement(session, frozen)) return { verdict: 'Absent', evidence: {} };
  return { verdict: 'Happened', evidence: { ...frozen, at: context.clock.now().toISOString() } };
}

async function settled(context: ActionContext, frozen: JsonObject): Promise<Settlement> {
  const { verdict } = await probe(context, frozen);
  if (verdict === 'Happened') return { state: 'Settled', summary: 'the statement has ended' };
  return { state: 'Progressing', summary: 'the statement has not ended yet' };
}
