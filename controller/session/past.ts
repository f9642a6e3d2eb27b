import { kindIn } from '../../skills/lib/finding-id.ts';
import type { DebugSession } from '../api/kinds.ts';
import type { Past } from '../reasoning/recall/past.ts';
import { redact } from '../redaction/redact.ts';
import { memoryOf } from './memory.ts';
import { hasEnded, type Status } from './transition.ts';

/** A person's word that a session got it wrong, and why: nothing is learnt from it. */
export const wrongAnnotation = 'threehops.dev/wrong';

export function isMarkedWrong({ metadata }: DebugSession): boolean {
  return metadata.annotations?.[wrongAnnotation] !== undefined;
}

/** What is remembered of a session; undefined where it goes on, found no cause, or got it wrong as a person says. */
export function pastOf(session: DebugSession): Past | undefined {
  const { metadata, spec, status = {} } = session;
  const rootCause = causeOf(status);
  if (!hasEnded(status.phase) || rootCause === undefined || isMarkedWrong(session)) return undefined;
  return {
    uid: metadata.uid,
    session: `${metadata.namespace}/${metadata.name}`,
    startedAt: status.startedAt ?? metadata.creationTimestamp,
    endedAt: status.completedAt ?? metadata.creationTimestamp,
    symptom: redact(spec.symptom?.description ?? ''),
    rootCause,
    ...shownBy(status),
    ...outcomesOf(status, rootCause),
  };
}

function shownBy({ diagnosis, sweep }: Status): Pick<Past, 'kinds' | 'nodes' | 'told' | 'predictions'> {
  const { claims = [], chain = [], predictions = [] } = diagnosis ?? {};
  const ill = (sweep?.nodes ?? []).filter(({ health }) => health === 'Degraded' || health === 'Failing');
  const foretold = predictions.map(({ findingGone }) => findingGone);
  return {
    kinds: unique([...foretold, ...claims.flatMap(({ findings }) => findings.map(kindIn))]),
    nodes: unique([...chain, ...ill.map(({ node }) => node)]),
    told: unique([...claims.map(({ text }) => text), ...ill.map(({ summary = '' }) => summary)]),
    predictions,
  };
}

/** Of the diagnosis, or of the last fix that was tried where nothing was wrong any more in the end. */
function causeOf({ diagnosis, history = [] }: Status): Past['rootCause'] | undefined {
  if (diagnosis?.rootCause !== undefined) return { node: diagnosis.rootCause.node, kind: diagnosis.rootCause.kind };
  const [node, kind] = history.findLast(({ rootCause }) => rootCause !== undefined)?.rootCause?.split(' ') ?? [];
  return node === undefined || kind === undefined ? undefined : { node, kind };
}

/** Only what a session that was Fixed had kept has worked; what another one had kept for a while proves nothing. */
function outcomesOf(status: Status, { node, kind }: Past['rootCause']): Pick<Past, 'worked' | 'failed' | 'cures'> {
  const { kept, failed, history } = memoryOf(status);
  const worked = status.outcome === 'Fixed' ? unique(kept) : [];
  const about = history.filter(({ rootCause }) => rootCause === `${node} ${kind}`).map(({ signature }) => signature);
  return { worked, failed: unique(failed), cures: worked.filter((signature) => about.includes(signature)) };
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
