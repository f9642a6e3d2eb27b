import type { DebugSession, Diagnosed, ServiceTopology } from '../../controller/api/kinds.ts';
import type { Allow } from '../../controller/config/config.ts';
import type { EvidenceBundle } from '../../controller/evidence/bundle.ts';
import { canonicalJson } from '../../controller/evidence/canonical.ts';
import { allowedIn } from '../../controller/session/diagnosing/question.ts';
import type { EvidenceStore } from '../../controller/session/dependencies.ts';
import { diagnosisStatus } from '../../controller/session/diagnosis-status.ts';
import { memoryOf } from '../../controller/session/memory.ts';
import { referencedKeys } from '../../controller/topology/topology-controller.ts';
import { keyOf, type TopologySource } from '../../controller/topology/resolved.ts';
import { resolveGraph } from '../../controller/topology/resolve.ts';
import { allowanceOf } from '../../controller/wiring/allowance.ts';
import { reasoningFor } from '../../controller/session/reasoning.ts';
import type { Answered, Question } from '../../controller/reasoning/question.ts';
import { RecordingUnusable, type Recording } from './recording.ts';
import { diagnoseAgain } from './replay.ts';
import { digestIn, type SeenDiagnosis } from './watch-diagnoses.ts';

/** What a cluster holds of a session's evidence. */
export interface Stored {
  readonly maps: readonly ServiceTopology[];
  readonly evidence: Pick<EvidenceStore, 'load'>;
  /** Digests of every bundle that the session froze. */
  readonly bundles: ReadonlySet<string>;
}

export interface RecordedUnder extends Stored {
  readonly fault: string;
  /** Of the operator's own configuration. */
  readonly allow: Allow;
  readonly predictionSeconds: number;
}

/**
 * Puts together what each diagnosis was made from, and makes it again: the cluster has it only as the status could hold it, and a
 * recording that does not give what the operator gave is worth nothing. @throws RecordingUnusable
 */
export async function recordingFrom(
  seen: readonly SeenDiagnosis[],
  under: RecordedUnder,
  signal: AbortSignal,
): Promise<Recording> {
  const { fault, predictionSeconds, bundles } = under;
  const missed = bundles.difference(new Set(seen.map(({ session }) => digestIn(session))));
  if (missed.size > 0) throw new RecordingUnusable(`${missed.size} diagnoses passed unseen: run it again`);
  const diagnoses: Answered[] = [];
  for (const one of seen) diagnoses.push(await answered(one, under, signal));
  return { formatVersion: 1, fault, predictionSeconds, diagnoses };
}

async function answered(
  { session, diagnosis: given }: SeenDiagnosis,
  under: RecordedUnder,
  signal: AbortSignal,
): Promise<Answered> {
  const question = await questionOf(session, under, signal);
  const diagnosis = await diagnoseAgain(question, under);
  const { iteration } = question.bundle.session;
  // One that only says that a fix has done its work is not kept in the status: the fix is verified again.
  if (given === undefined && diagnosis.verdict === 'Cause')
    throw new RecordingUnusable(`the diagnosis of iteration ${iteration} was refused`);
  if (given !== undefined && canonicalJson(answerIn(given)) !== canonicalJson(diagnosisStatus(diagnosis)))
    throw new RecordingUnusable(`made again, the diagnosis of iteration ${iteration} is another one`);
  return { ...question, diagnosis };
}

/** Without where the whole answer is kept, and what another engine said. */
function answerIn({ contentDigest: _kept, otherOpinion: _other, ...answer }: Diagnosed): Diagnosed {
  return answer;
}

async function questionOf(session: DebugSession, under: RecordedUnder, signal: AbortSignal): Promise<Question> {
  const { status = {} } = session;
  // The digest covers the content: it is the bundle that the sweep froze.
  const bundle = (await under.evidence.load(session, digestIn(session) ?? '', signal)) as EvidenceBundle;
  return { bundle, memory: memoryOf(status), allowed: allowedUnder(session, under) };
}

/** Every pair of action and node that the maps and the operator's configuration allow the session. */
export function allowedUnder(session: DebugSession, { maps, allow, ...timings }: RecordedUnder): Question['allowed'] {
  const { skills, actions } = reasoningFor(timings);
  const rules = { actions, allowance: allowanceOf(allow, { get: () => undefined }) };
  const source = sourceOf(maps);
  const root = source.get(session.metadata.namespace, session.spec.topologyRef.name);
  if (root === undefined) throw new RecordingUnusable('the map of the session is gone');
  return allowedIn({ session }, rules, resolveGraph(root, source, skills));
}

function sourceOf(maps: readonly ServiceTopology[]): TopologySource {
  const byKey = new Map(maps.map((map) => [keyOf(map), map]));
  return {
    get: (namespace, name) => byKey.get(`${namespace}/${name}`),
    referrers: (namespace, name) => maps.filter((map) => referencedKeys(map).includes(`${namespace}/${name}`)),
  };
}
