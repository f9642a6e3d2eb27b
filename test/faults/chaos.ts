/**
 * `npm run chaos [-- --fault NAME] [--every N]`: kills the operator at each (or each N-th) outside write of a fault's session, on its
 * receipt and after it was carried out; what is left must be what a run without a crash leaves. Exits with 1 when it is not.
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { memoryFolder } from '../lab/cluster/memory-folder.ts';
import { faultNamed } from '../lab/faults/catalogue.ts';
import type { Fault } from '../lab/faults/fault.ts';
import type { CrashPlan } from '../lab/host/crash.ts';
import { startPlatform, type Platform } from '../lab/host/platform.ts';
import { crashRun, type CrashRun } from './crash-run.ts';

const { values } = parseArgs({
  options: { fault: { type: 'string', default: 'leaky-release' }, every: { type: 'string', default: '1' } },
});
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error(signal)));
process.exitCode = await chaos(faultNamed(values.fault), Math.max(1, Number(values.every)));

async function chaos(fault: Fault, every: number): Promise<number> {
  const dataDir = memoryFolder('chaos');
  const platform = await startPlatform({ dataDir, signal: stop.signal, progress: (line) => console.error(line) });
  try {
    return await allPoints(fault, every, platform);
  } finally {
    await platform.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function allPoints(fault: Fault, every: number, platform: Platform): Promise<number> {
  const reference = await crashRun(fault, { platform, namespace: 'reference', signal: stop.signal });
  report('without a crash', reference);
  const { writes } = reference.result;
  console.log(`${writes.length} outside writes: ${writes.join(', ')}`);
  let wrong = reference.problems.length > 0 ? 1 : 0;
  for (const crash of pointsOf(writes.length, every)) {
    const namespace = `crash-${crash.at}-${crash.when.toLowerCase()}`;
    const done = await crashRun(fault, { platform, namespace, signal: stop.signal, crash }).catch(failed);
    if (done === undefined) {
      wrong += 1;
      continue;
    }
    report(
      `${crash.when.toLowerCase()} write ${crash.at} (${done.result.writes[Number(crash.at) - 1] ?? 'not reached'})`,
      done,
    );
    if (done.problems.length > 0) wrong += 1;
  }
  console.log(wrong === 0 ? 'every crash led to the same end' : `${wrong} runs ended otherwise`);
  return wrong === 0 ? 0 : 1;
}

function failed(error: unknown): undefined {
  stop.signal.throwIfAborted();
  console.log(`failed: ${error instanceof Error ? error.message : String(error)}`);
  return undefined;
}

function pointsOf(count: number, every: number): readonly CrashPlan[] {
  const points: CrashPlan[] = [];
  for (let at = 1; at <= count; at += every) points.push({ at, when: 'Before' }, { at, when: 'After' });
  return points;
}

function report(what: string, { result, git, pulls, problems }: CrashRun): void {
  const commits = git.sessionBranches.reduce((sum, { commits: made }) => sum + made.length, 0);
  const seen = `${result.outcome}, ${git.sessionBranches.length} branch, ${commits} commits, ${pulls.length} pull requests`;
  const end = problems.length === 0 ? 'as it must be' : problems.join('; ');
  console.log(`${what}: ${seen}, ${Math.round(result.seconds)} s: ${end}`);
}
