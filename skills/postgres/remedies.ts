import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import { numberOf, textOf } from '../lib/reading.ts';
import type { ProposedFix, Remedy, RemedyContext } from '../skill.ts';
import { terminateActionId } from './actions/frozen.ts';

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

export const remedies: readonly Remedy[] = [abandonedTransaction, longTransaction, connectionsExhausted];

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
