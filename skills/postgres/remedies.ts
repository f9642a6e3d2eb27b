import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import { numberOf, textOf } from '../lib/reading.ts';
import type { ProposedFix, Remedy, RemedyContext } from '../skill.ts';
import { cancelActionId } from './actions/cancel-backend.ts';
import { terminateActionId } from './actions/frozen.ts';
import { applyMigration, createMissingIndex } from './index-remedies.ts';

const mostBackends = 10;

/** A client began a transaction, took locks and went away from it: nobody will ever end it but us. */
const abandonedTransaction: Remedy = {
  id: 'postgres.end-abandoned-transaction',
  forKinds: ['postgres.BlockingChain'],
  cause: 'postgres.AbandonedTransaction',
  propose: (context) => endRoots(context, (state) => state.startsWith('idle in transaction'), 0.9),
};

/** A transaction that works and holds others up may be about to end, and what it did so far is lost when it is ended. */
const longTransaction: Remedy = {
  id: 'postgres.end-long-transaction',
  forKinds: ['postgres.BlockingChain'],
  cause: 'postgres.LongTransaction',
  propose: (context) => endRoots(context, (state) => state !== '' && !state.startsWith('idle in transaction'), 0.5),
};

/** Named so that a diagnosis can blame it; what heals it is the pool of whoever takes the connections. */
const connectionsExhausted: Remedy = {
  id: 'postgres.free-connections',
  forKinds: ['postgres.ConnectionsSaturated'],
  cause: 'postgres.ConnectionsExhausted',
  propose: () => [],
};

/** Of the time that its transaction has been open, from which a statement is itself what takes so long. */
const mostOfTransaction = 0.5;

/** One statement that goes on and on while others wait: to cancel it costs what it did, and nobody's connection. */
const runawayQuery: Remedy = {
  id: 'postgres.cancel-runaway-query',
  forKinds: ['postgres.BlockingChain'],
  cause: 'postgres.RunawayQuery',
  propose: ({ findings }) => findings.filter(({ kind }) => kind === 'postgres.BlockingChain').flatMap(cancelFor),
};

function cancelFor(finding: Finding): readonly ProposedFix[] {
  const { facts = {}, value = 0 } = finding;
  const seconds = numberOf(facts['statementSeconds']) ?? 0;
  const isWhatTakes =
    seconds >= (numberOf(facts['transactionSeconds']) ?? Number.POSITIVE_INFINITY) * mostOfTransaction;
  const queryStart = textOf(facts['queryStart']);
  if (queryStart === undefined || !isWhatTakes) return [];
  return rootOf(finding).map((root) => ({
    action: cancelActionId,
    parameters: { ...parametersFor([root]), queryStart },
    rationale: `a statement of ${root.application || `backend ${root.pid}`} has run for ${seconds} s and holds up ${value} ${value === 1 ? 'session' : 'sessions'}: cancel it`,
    fitness: 0.8,
  }));
}

export const remedies: readonly Remedy[] = [
  abandonedTransaction,
  runawayQuery,
  longTransaction,
  createMissingIndex,
  applyMigration,
  connectionsExhausted,
];

interface Root {
  readonly pid: number;
  readonly backendStart: string;
  readonly application: string;
  readonly finding: Finding;
}

/** One fix for each client program, as its transactions have one cause; the program that blocks most comes first. */
function endRoots(
  { findings }: RemedyContext,
  isMeant: (state: string) => boolean,
  fitness: number,
): readonly ProposedFix[] {
  const roots = findings
    .filter(({ kind, facts }) => kind === 'postgres.BlockingChain' && isMeant(textOf(facts?.['state']) ?? ''))
    .flatMap(rootOf)
    .toSorted((a, b) => (b.finding.value ?? 0) - (a.finding.value ?? 0) || a.pid - b.pid);
  const groups = [...Map.groupBy(roots, ({ application, pid }) => application || `backend ${pid}`)];
  return groups.map(([name, group], index) => ({
    action: terminateActionId,
    parameters: parametersFor(group),
    rationale: rationaleFor(name, group),
    fitness: Math.max(0.1, Math.round((fitness - 0.1 * index) * 100) / 100),
  }));
}

function rootOf(finding: Finding): readonly Root[] {
  const pid = numberOf(finding.facts?.['pid']);
  const backendStart = textOf(finding.facts?.['backendStart']);
  if (pid === undefined || pid === 0 || backendStart === undefined) return [];
  return [{ pid, backendStart, application: textOf(finding.facts?.['applicationName']) ?? '', finding }];
}

function parametersFor(group: readonly Root[]): JsonObject {
  const [first, ...others] = group.slice(0, mostBackends);
  const backend = (root: Root): JsonObject => ({ pid: root.pid, backendStart: root.backendStart });
  return {
    ...(first === undefined ? {} : backend(first)),
    ...(first === undefined || first.application === '' ? {} : { application: first.application }),
    ...(others.length === 0 ? {} : { also: others.map(backend) }),
  };
}

function rationaleFor(name: string, group: readonly Root[]): string {
  const blocked = group.reduce((sum, { finding }) => sum + (finding.value ?? 0), 0);
  const what = group.length === 1 ? 'a transaction' : `${group.length} transactions`;
  return `${what} of ${name} holds up ${blocked} ${blocked === 1 ? 'session' : 'sessions'}: end the backend, which rolls it back and frees its locks`;
}
