import { redact } from '../../redaction/redact.ts';
import type { Question } from '../../reasoning/question.ts';
import type { Diagnosis, Limits, Reasoner } from '../../reasoning/reasoner.ts';
import type { ResolvedGraph } from '../../topology/resolved.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';
import { reasonOf } from '../sweep/probe-node.ts';
import { deskFor, type Spent } from './desk.ts';
import { opinionsOf, type Opinions } from './opinions.ts';

export interface Consultation extends Opinions {
  readonly spent: Spent;
  /** What an engine could not do, for a person. */
  readonly gaps: readonly string[];
}

export interface Asked {
  readonly question: Question;
  readonly limits: Limits;
  readonly resolved: ResolvedGraph;
}

const nothing: Spent = { tokens: 0, requests: 0 };

/** Asks the engines that the session wants. Where a model gives no diagnosis that holds, the embedded engine answers. */
export async function consult(
  snapshot: Snapshot,
  deps: Dependencies,
  asked: Asked,
  signal: AbortSignal,
): Promise<Consultation> {
  const { causal, claude } = deps.engines;
  const wanted = snapshot.session.spec.reasoner;
  const embedded = () => ask(causal, asked, signal);
  if (wanted === 'Causal' || claude === undefined) return { first: await embedded(), spent: nothing, gaps: [] };
  const desk = await deskFor(snapshot, deps, asked.resolved, signal);
  const [own, model] = await Promise.all([
    wanted === 'Both' ? embedded() : undefined,
    ask(claude(desk), asked, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      return { gap: redact(`Claude gave no diagnosis: ${reasonOf(error)}`).slice(0, 500) };
    }),
  ]);
  const spent = desk.spent();
  if ('gap' in model) return { first: own ?? (await embedded()), spent, gaps: [model.gap] };
  return { ...(own === undefined ? { first: model } : opinionsOf(own, model)), spent, gaps: [] };
}

function ask(
  reasoner: Reasoner,
  { question: { bundle, memory }, limits }: Asked,
  signal: AbortSignal,
): Promise<Diagnosis> {
  return reasoner.diagnose(bundle, memory, limits, signal);
}
