import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryFolder } from '../lab/cluster/memory-folder.ts';
import { faults } from '../lab/faults/catalogue.ts';
import type { Fault } from '../lab/faults/fault.ts';
import type { OpenLab } from '../lab/host/open-lab.ts';
import { startPlatform, type Platform } from '../lab/host/platform.ts';
import { runFault } from '../lab/host/run-fault.ts';
import type { RunResult } from '../lab/host/run-result.ts';
import { otherNames } from '../lab/world/names.ts';
import { gitState, type GitState } from './git-state.ts';

/** The whole loop on real parts: every fault of the catalogue once, two of them again in a world of other names with decoys. */

let platform: Platform;
beforeAll(async () => {
  const dataDir = memoryFolder('e2e');
  platform = await startPlatform({ dataDir, signal: new AbortController().signal, progress: () => undefined });
}, 900_000);
afterAll(() => platform.stop());

interface Run {
  readonly result: RunResult;
  readonly git: GitState;
  readonly mergesAttempted: number;
}

let count = 0;

async function run(fault: Fault, more: Partial<Parameters<typeof runFault>[1]> = {}): Promise<Run> {
  count += 1;
  let seen: Omit<Run, 'result'> | undefined;
  const result = await runFault(fault, {
    ...more,
    platform,
    namespace: `shop-${count}`,
    signal: AbortSignal.timeout(240_000),
    afterwards: async (open: OpenLab) => {
      seen = { git: await gitState(open.lab), mergesAttempted: open.lab.forge.counters.mergesAttempted };
    },
  });
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

describe('each fault of the catalogue', () => {
  for (const fault of faults) {
    it(fault.name, async () => {
      const done = await run(fault);
      expectAsExpected(fault, done);
      expectSafe(done);
    });
  }
});

describe('the same with every name changed, five decoys and an unrelated finding', () => {
  for (const fault of faults.filter(({ name }) => name === 'small-memory' || name === 'three-hops')) {
    it(fault.name, async () => {
      const done = await run(fault, { names: otherNames, decoys: true });
      expectAsExpected(fault, done);
      expectSafe(done);
    });
  }
});
