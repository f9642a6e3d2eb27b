import type { JsonObject } from '../../../controller/api/json.ts';
import { contentVersion } from '../../lib/content-version.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { textOf } from '../../lib/reading.ts';
import type { ActionContext, ActionType, Occurrence, RenderedAction, Settlement } from '../../skill.ts';
import { type Activity, readActivity, readBackend, type Session } from '../activity.ts';
import { addressOf, postgresIdentity } from '../address.ts';
import { type BlockingChain, blockingChains } from '../chains.ts';
import { ageSeconds, nameOf } from '../sessions.ts';
import { backendsIn, type PlannedBackend, terminateActionId, toJson } from './frozen.ts';

const terminateTool = 'threehops_terminate_backend';

const backend = {
  pid: { type: 'integer', minimum: 1 },
  backendStart: { type: 'string', format: 'date-time', maxLength: 40 },
};

/**
 * Ends the backends of one client program that hold others up. Fenced by pid, start and transaction: doing it twice, or late, hits
 * nobody else. Nothing takes it back; the transactions are rolled back, which their client sees as a lost connection.
 */
export const terminateBackend: ActionType = {
  id: terminateActionId,
  title: 'End a backend that blocks others',
  class: 'Infra',
  risk: 'Medium',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['pid', 'backendStart'],
    properties: {
      ...backend,
      application: { type: 'string', maxLength: 63, description: 'application_name of all of them' },
      also: {
        type: 'array',
        maxItems: 9,
        items: { type: 'object', additionalProperties: false, required: ['pid', 'backendStart'], properties: backend },
      },
    },
  },
  idempotency: 'Fenced',
  // Ending the next backend of the same program is the same idea again.
  direction: (parameters) =>
    `terminate:${textOf(parameters['application']) ?? textOf(parameters['backendStart']) ?? ''}`,
  render,
  execute,
  probe,
  unchanged,
  settled,
};

interface Blocker {
  readonly session: Session;
  readonly chain: BlockingChain;
}

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const activity = await readActivity(context);
  const blockers = backendsIn(parameters).flatMap((planned) => blockerOf(activity, planned) ?? []);
  if (blockers.length === 0) {
    throw new PlanRefused('NotBlocking', 'none of these backends is there any more and blocks anybody');
  }
  const backends = blockers.map(plannedOf);
  return {
    diff: blockers.map((blocker) => describe(activity, blocker)).join('\n'),
    target: { identity: postgresIdentity(context.node.with) ?? context.node.id, version: versionOf(backends) },
    frozen: toJson(backends),
    edits: [],
  };
}

/** The backend while it is the one that was meant and at the root of a chain. */
function blockerOf(activity: Activity, planned: PlannedBackend): Blocker | undefined {
  const session = activity.sessions.get(planned.pid);
  const chain = blockingChains(activity.waits).find(({ root }) => root === planned.pid);
  if (session === undefined || chain === undefined || !isSame(session, planned)) return undefined;
  return { session, chain };
}

function isSame(session: Session, planned: PlannedBackend): boolean {
  const { backendStart, transactionStart = session.transactionStart } = planned;
  return session.backendStart === backendStart && session.transactionStart === transactionStart;
}

function plannedOf({ session }: Blocker): PlannedBackend {
  const { pid, backendStart = '', transactionStart } = session;
  return { pid, backendStart, ...(transactionStart === undefined ? {} : { transactionStart }) };
}

function versionOf(backends: readonly PlannedBackend[]): string {
  return contentVersion(backends.map((one) => [String(one.pid), JSON.stringify({ ...one })] as const));
}

function describe(activity: Activity, { session, chain }: Blocker): string {
  const age = (since: string | undefined): string =>
    since === undefined ? 'unknown' : `${ageSeconds(since, activity.at)} s`;
  const names = [...new Set(chain.blocked.map((pid) => activity.sessions.get(pid)?.application ?? ''))];
  return [
    `- backend ${session.pid} of ${nameOf(session)}${session.client === '' ? '' : ` from ${session.client}`}, connected since ${session.backendStart ?? 'unknown'}`,
    `    state: ${session.state} for ${age(session.stateChange)}, transaction open for ${age(session.transactionStart)}`,
    `    last statement: ${session.query === '' ? 'not visible' : session.query}`,
    `    blocks: ${chain.direct.length} directly, ${chain.blocked.length} in all (${names.filter(Boolean).toSorted().join(', ') || 'unnamed'}), the longest for ${age(chain.since)}`,
    '+ ended; its transaction is rolled back and its locks are free',
  ].join('\n');
}

async function execute(context: ActionContext, frozen: JsonObject): Promise<JsonObject> {
  const address = addressOf(context.node.with);
  const connection = Object.keys(address).length === 0 ? {} : { connection: address };
  for (const planned of backendsIn(frozen)) {
    context.signal.throwIfAborted();
    await context.tools.call(terminateTool, { ...planned, ...connection }, context.signal);
  }
  return { ...frozen, at: context.clock.now().toISOString() };
}

/** With one of them still there the act is not done: doing it once more skips those that are gone. */
async function probe(context: ActionContext, frozen: JsonObject): Promise<Occurrence> {
  const presence = await presenceOf(context, frozen);
  if (presence.includes('Hidden')) return { verdict: 'Unknown', evidence: {} };
  if (presence.includes('There')) return { verdict: 'Absent', evidence: {} };
  return { verdict: 'Happened', evidence: { ...frozen, at: context.clock.now().toISOString() } };
}

async function settled(context: ActionContext, frozen: JsonObject): Promise<Settlement> {
  const presence = await presenceOf(context, frozen);
  const left = presence.filter((one) => one !== 'Gone').length;
  if (left === 0) return { state: 'Settled', summary: 'gone, and what was open is rolled back' };
  return { state: 'Progressing', summary: `${left} of ${presence.length} backends are still there, rolling back` };
}

type Presence = 'There' | 'Gone' | 'Hidden';

async function presenceOf(context: ActionContext, frozen: JsonObject): Promise<readonly Presence[]> {
  const presence: Presence[] = [];
  for (const planned of backendsIn(frozen)) {
    const session = await readBackend(context, planned.pid);
    if (session !== undefined && session.backendStart === undefined) presence.push('Hidden');
    else presence.push(session?.backendStart === planned.backendStart ? 'There' : 'Gone');
  }
  return presence;
}

/** Still there, in the same transaction, and still holding others up. */
async function unchanged(context: ActionContext, rendered: RenderedAction): Promise<boolean> {
  const activity = await readActivity(context);
  const planned = backendsIn(rendered.frozen);
  return planned.length > 0 && planned.every((one) => blockerOf(activity, one) !== undefined);
}
