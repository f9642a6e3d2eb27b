import { loadConfig } from '../../controller/config/load.ts';
import { KubeClient } from '../../controller/kube/client.ts';
import { loadKubeConfig } from '../../controller/kube/kube-config.ts';
import { evidences, KubeEvidenceStore } from '../../controller/session/stores/evidence-store.ts';
import { serviceTopologies } from '../../controller/topology/topology-controller.ts';
import type { Fault } from '../lab/faults/fault.ts';
import type { OpenLab } from '../lab/host/open-lab.ts';
import type { Platform } from '../lab/host/platform.ts';
import { runFault } from '../lab/host/run-fault.ts';
import type { RunResult } from '../lab/host/run-result.ts';
import { otherNames } from '../lab/world/names.ts';
import { recordingFrom, type Stored } from './read-back.ts';
import { RecordingUnusable, type Recording } from './recording.ts';
import { problemsOf } from './verdict.ts';
import { watchDiagnoses, type SeenDiagnosis } from './watch-diagnoses.ts';

export interface RecordedRun {
  readonly result: RunResult;
  readonly recording: Recording;
  /** Why this is no run to remember; empty when it is as the fault calls for. */
  readonly problems: readonly string[];
}

export interface RecordOptions {
  readonly platform: Platform;
  /** New for each run. */
  readonly namespace: string;
  readonly signal: AbortSignal;
}

/** Runs a fault live under other names and among decoys, and reads its diagnoses back from the cluster. @throws RecordingUnusable */
export async function recordRun(fault: Fault, options: RecordOptions): Promise<RecordedRun> {
  const { tell, seen } = watchDiagnoses();
  let recording: Recording | undefined;
  const result = await runFault(fault, {
    ...options,
    tell,
    names: otherNames,
    decoys: true,
    judgeAfterSeconds: 10,
    afterwards: async (open) => void (recording = await readBack(open, fault, seen)),
  });
  if (recording === undefined) throw new RecordingUnusable('nobody read the evidence');
  const { asExpected, outcome, healed } = result;
  const end = asExpected ? [] : [`ended ${outcome}, ${healed ? '' : 'not '}healed`];
  const diagnoses = recording.diagnoses.map(({ diagnosis }) => diagnosis);
  return { result, recording, problems: [...end, ...problemsOf(fault, diagnoses, otherNames)] };
}

async function readBack(open: OpenLab, fault: Fault, seen: readonly SeenDiagnosis[]): Promise<Recording> {
  const { platform, operator, signal } = open;
  const { allow, timings } = await loadConfig(operator.configFile, signal);
  const client = new KubeClient(await loadKubeConfig(platform.controlPlane.kubeconfigPath));
  try {
    const stored = await storedIn(client, open);
    const { predictionSeconds } = timings;
    return await recordingFrom(seen, { fault: fault.name, predictionSeconds, allow, ...stored }, signal);
  } finally {
    await client.close();
  }
}

async function storedIn(client: KubeClient, { namespace, signal }: OpenLab): Promise<Stored> {
  const [maps, kept] = await Promise.all([
    client.resource(serviceTopologies).list({ namespace }, signal),
    client.resource(evidences).list({ namespace }, signal),
  ]);
  const bundles = kept.items.filter(({ spec }) => spec.content === 'Bundle').map(({ spec }) => spec.digest);
  return { maps: maps.items, evidence: new KubeEvidenceStore(client), bundles: new Set(bundles) };
}
