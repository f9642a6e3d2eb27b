import { redactHead } from '../../redaction/redact.ts';
import type { Question } from '../../reasoning/question.ts';
import { ReasonerGaveUp } from '../../reasoning/reasoner-errors.ts';
import type { Diagnosis, Limits, Reasoner } from '../../reasoning/reasoner.ts';
import type { ResolvedGraph } from '../../topology/resolved.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';
import { reasonOf } from '../sweep/probe-node.ts';
import { deskFor } from './desk.ts';
import type { Look } from './looks.ts';
import { inSafeWords } from './safe-words.ts';
import { opinionsOf, type Opinions } from './opinions.ts';

export interface Consultation extends Opinions {
  /** What an engine could not do, for a person. */
  readonly gaps: readonly string[];
}

export interface Asked {
  readonly question: Question;
  readonly limits: Limits;
  readonly resolved: ResolvedGraph;
  /** What a model may look at; absent where none is asked. */
  readonly looks?: readonly Look[];
}

/**
 * Asks the engines that the session wants. Where a model gives no diagnosis that holds, the embedded engine answers. Any other failure is
 * not the model's: the step is tried again, and what was answered is in the ledger.
 */
export async function consult(
  snapshot: Snapshot,
  deps: Dependencies,
  asked: Asked,
  signal: AbortSignal,
): Promise<Consultation> {
  const { causal, claude } = deps.engines;
  const embedded = () => ask(causal, asked, signal);
  if (asked.looks === undefined || claude === undefined) return { first: await embedded(), gaps: [] };
  const desk = deskFor(snapshot, deps, asked.resolved, asked.looks);
  // Both to their end: what fails leaves nothing running.
  const [own, model] = await Promise.allSettled([
    snapshot.session.spec.reasoner === 'Both' ? embedded() : undefined,
    ask(claude(desk), asked, signal).then(inSafeWords),
  ]);
  if (own.status === 'rejected') throw own.reason;
  if (model.status === 'fulfilled') {
    return { ...(own.value === undefined ? { first: model.value } : opinionsOf(own.value, model.value)), gaps: [] };
  }
  if (!(model.reason instanceof ReasonerGaveUp)) throw model.reason;
  const gap = redactHead(`Claude gave no diagnosis: ${reasonOf(model.reason)}`, 500);
  return { first: own.value ?? (await embedded()), gaps: [gap] };
}

function ask(
  reasoner: Reasoner,
  { question: { bundle, memory }, limits }: Asked,
  signal: AbortSignal,
): Promise<Diagnosis> {
  return reasoner.diagnose(bundle, memory, limits, signal);
}
