/**
 * `npm run record [-- --fault NAME] [--out DIR]`: runs each fault of the catalogue live, under other names and among decoys, and stores
 * what its diagnoses were made from, for `npm test` to make them again. A run that did not end as the fault calls for is not stored.
 * `--rejudge`: makes the stored diagnoses anew from the stored evidence, offline, after a change of the reasoning that is meant.
 * Exits with 1 when one is not as it must be.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { canonicalJson } from '../../controller/evidence/canonical.ts';
import { memoryFolder } from '../lab/cluster/memory-folder.ts';
import { faultNamed, faults } from '../lab/faults/catalogue.ts';
import type { Fault } from '../lab/faults/fault.ts';
import { startPlatform, type Platform } from '../lab/host/platform.ts';
import { otherNames } from '../lab/world/names.ts';
import { recordRun } from './record-run.ts';
import { readRecording, recordingsFolder, writeRecording } from './recording.ts';
import { rejudged } from './replay.ts';
import { problemsOf } from './verdict.ts';

const { values } = parseArgs({
  options: {
    fault: { type: 'string' },
    out: { type: 'string', default: recordingsFolder },
    rejudge: { type: 'boolean', default: false },
  },
});
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error(signal)));
const chosen = values.fault === undefined ? faults : [faultNamed(values.fault)];
mkdirSync(values.out, { recursive: true });
process.exitCode = await (values.rejudge ? each(rejudge) : record());

async function record(): Promise<number> {
  const dataDir = memoryFolder('record');
  const platform = await startPlatform({ dataDir, signal: stop.signal, progress: (line) => console.error(line) });
  try {
    return await each((fault) => recordOne(fault, platform));
  } finally {
    await platform.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** One after the other; the exit code. */
async function each(work: (fault: Fault) => Promise<readonly string[]>): Promise<number> {
  let wrong = 0;
  for (const fault of chosen) {
    const problems = await work(fault).catch(failed);
    if (problems.length > 0) wrong += 1;
    for (const problem of problems) console.log(`${fault.name}: ${problem}`);
  }
  return wrong === 0 ? 0 : 1;
}

function failed(error: unknown): readonly string[] {
  stop.signal.throwIfAborted();
  return [error instanceof Error ? error.message : String(error)];
}

async function recordOne(fault: Fault, platform: Platform): Promise<readonly string[]> {
  const namespace = `record-${fault.name}`;
  const { result, recording, problems } = await recordRun(fault, { platform, namespace, signal: stop.signal });
  const run = `${fault.name}: ${result.outcome}, ${result.seconds} s, diagnoses: ${recording.diagnoses.length}`;
  if (problems.length > 0) return [`${run}; not stored`, ...problems];
  console.log(`${run}, ${Math.round(writeRecording(values.out, recording) / 1024)} KiB`);
  return [];
}

async function rejudge(fault: Fault): Promise<readonly string[]> {
  const before = readRecording(values.out, fault.name);
  const after = await rejudged(before);
  const changed = after.diagnoses.filter((one, at) => canonicalJson(one) !== canonicalJson(before.diagnoses[at]));
  if (changed.length > 0) writeRecording(values.out, after);
  console.log(`${fault.name}: ${changed.length} of ${after.diagnoses.length} diagnoses are other ones now`);
  return problemsOf(
    fault,
    after.diagnoses.map(({ diagnosis }) => diagnosis),
    otherNames,
  );
}
