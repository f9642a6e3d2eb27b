import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryFolder } from '../lab/cluster/memory-folder.ts';
import { recordedFaults } from '../faults/recorded-faults.ts';
import { faultNamed } from '../lab/faults/catalogue.ts';
import type { Fault } from '../lab/faults/fault.ts';
import type { OpenLab } from '../lab/host/open-lab.ts';
import { startPlatform, type Platform } from '../lab/host/platform.ts';
import { runFault, type RunOptions } from '../lab/host/run-fault.ts';
import type { RunResult } from '../lab/host/run-result.ts';
import { otherNames } from '../lab/world/names.ts';
import { gitState, type GitState } from './git-state.ts';

/** The whole loop on real parts: a fault is put in, a session works on it, an onlooker judges. */

/** Labs at a time. Much of a run is waiting, so two share a machine of two cores; each has a control plane of its own, as it has an operator. */
const labs = 2;
let platforms: Platform[] = [];
const idle: Platform[] = [];
beforeAll(async () => {
  const start = () => startPlatform({ dataDir: memoryFolder('e2e'), signal: forever, progress: () => undefined });
  // What has to be fetched or built is so by the first.
  platforms = [await start()];
  while (platforms.length < labs) platforms.push(await start());
  idle.push(...platforms);
}, 900_000);
afterAll(() => Promise.all(platforms.map((platform) => platform.stop())));

const forever = new AbortController().signal;

/** With a control plane that nobody else uses meanwhile. No more than `labs` tests run at once (vitest.config.ts). */
async function onPlatform<T>(work: (platform: Platform) => Promise<T>): Promise<T> {
  const platform = idle.pop();
  if (platform === undefined) throw new Error(`more than ${labs} runs at once`);
  try {
    return await work(platform);
  } finally {
    idle.push(platform);
  }
}

interface Run {
  readonly result: RunResult;
  readonly git: GitState;
  readonly mergesAttempted: number;
}

let count = 0;

async function run(fault: Fault, world: Pick<RunOptions, 'names' | 'decoys'> = {}): Promise<Run> {
  count += 1;
  let seen: Omit<Run, 'result'> | undefined;
  const namespace = `shop-${count}`;
  const result = await onPlatform((platform) =>
    runFault(fault, {
      ...world,
      platform,
      namespace,
      judgeAfterSeconds: 10,
      signal: AbortSignal.timeout(270_000),
      afterwards: async (open: OpenLab) => {
        seen = { git: await gitState(open.lab), mergesAttempted: open.lab.forge.counters.mergesAttempted };
      },
    }),
  );
  if (seen === undefined) throw new Error('the lab was not looked at');
  return { result, ...seen };
}

/** What holds of every session, however it ends. */
function expectSafe({ git, mergesAttempted }: Run): void {
  expect(mergesAttempted).toBe(0);
  expect(git.pushedToProtected).toEqual([]);
  for (const branch of git.sessionBranches) {
    expect(branch.name).toMatch(/^threehops\/[a-z0-9-]+-[0-9a-f]{8}$/);
    for (const commit of branch.commits) expect(commit.trailers).toContain('Threehops-Session-UID');
  }
  expect(new Set(git.sessionBranches.map((branch) => branch.repository)).size).toBe(git.sessionBranches.length);
}

function expectAsExpected({ expected }: Fault, { result, git }: Run): void {
  const branch = git.sessionBranches.find(({ repository }) => repository === result.pullRequest?.repository);
  const end = { healed: result.healed, draft: result.pullRequest?.draft, pipeline: branch?.lastRun };
  const wanted = { healed: true, draft: false, pipeline: 'success' };
  expect(result).toMatchObject({ outcome: expected.outcome, causeIsTrue: true, asExpected: true });
  expect(result.iterations).toBeLessThanOrEqual(expected.iterations ?? Infinity);
  expect(end).toEqual(expected.outcome === 'Fixed' ? wanted : end);
}

describe.concurrent('a fault of the catalogue', () => {
  it.each(recordedFaults.map((fault) => [fault.name, fault] as const))('%s', async (_, fault) => {
    const done = await run(fault);
    expectAsExpected(fault, done);
    expectSafe(done);
  });
});

/** The diagnoses of all faults in such a world are made again, from recordings, by test/unit/reasoning/replay.test.ts. */
describe.concurrent('under other names and among decoys', () => {
  it.each(['small-memory', 'three-hops'])('%s', async (name) => {
    const fault = faultNamed(name);
    const done = await run(fault, { names: otherNames, decoys: true });
    expectAsExpected(fault, done);
    expectSafe(done);
  });
});
