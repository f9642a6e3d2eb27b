import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faults } from '../lab/faults/catalogue.ts';
import { judgementOf, type Fault } from '../lab/faults/fault.ts';
import { trafficFails } from '../lab/faults/judge.ts';
import { runFault, type RunOptions } from '../lab/host/run-fault.ts';
import type { RunResult } from '../lab/host/run-result.ts';
import { firstTimeMs } from '../lab/cluster/programs.ts';
import type { Lab } from '../lab/world/lab.ts';
import { otherNames } from '../lab/world/names.ts';
import { gitState, type GitState } from './git-state.ts';
import { startPlatforms, type Platforms } from './platforms.ts';

/** The whole loop on real parts: a fault is put in, a session works on it, an onlooker judges. */

let platforms: Platforms;
beforeAll(async () => {
  platforms = await startPlatforms();
}, firstTimeMs);
afterAll(() => platforms.stop());

interface Run {
  readonly result: RunResult;
  readonly brokenBefore: boolean;
  readonly git: GitState;
  readonly mergesAttempted: number;
}

async function run(fault: Fault, world: Pick<RunOptions, 'names' | 'decoys'> = {}): Promise<Run> {
  const seen: Partial<Omit<Run, 'result'>>[] = [];
  const result = await platforms.use((place) =>
    runFault(fault, {
      ...world,
      ...place,
      judgeAfterSeconds: 2,
      signal: AbortSignal.timeout(270_000),
      beforehand: async ({ lab }) => {
        seen.push({ brokenBefore: await usersSuffer(fault, lab) });
      },
      afterwards: async ({ lab }) => {
        seen.push({ git: await gitState(lab), mergesAttempted: lab.forge.counters.mergesAttempted });
      },
    }),
  );
  return { result, ...(Object.assign({}, ...seen) as Omit<Run, 'result'>) };
}

/** Where each fourth request of a second fails they do; where that shows nothing, the fault's own judge has the word. */
async function usersSuffer(fault: Fault, lab: Lab): Promise<boolean> {
  return (await trafficFails(lab, 0.25, 1000)) || !judgementOf(await fault.healed(lab)).healed;
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

function expectAsExpected({ expected, session }: Fault, { result, brokenBefore, git }: Run): void {
  expect(brokenBefore).toBe(expected.outcome !== 'NoFaultFound');
  const branch = git.sessionBranches.find(({ repository }) => repository === result.pullRequest?.repository);
  const end = { healed: result.healed, draft: result.pullRequest?.draft, pipeline: branch?.lastRun };
  // What runs on a cluster is changed there; the catalog's repository has its manifest and no workflow.
  const pipeline = session.service === 'catalog' ? undefined : 'success';
  const wanted = { healed: true, draft: false, pipeline };
  const told = result.history
    .map(({ diagnosis, action, result: said }) => `${diagnosis} | ${action} | ${said}`)
    .join('\n');
  const wantedResult = { outcome: expected.outcome, causeIsTrue: true, asExpected: true };
  expect(result, `${told}\n${result.seen}`).toMatchObject(wantedResult);
  expect(result.iterations, `${told}`).toBeLessThanOrEqual(expected.iterations ?? Infinity);
  expect(end).toEqual(expected.outcome === 'Fixed' ? wanted : end);
}

/** Under other names and among decoys; in recordings all are, whose diagnoses test/unit/reasoning/replay.test.ts makes again. */
const disguised = ['small-memory', 'three-hops'];

describe.concurrent('a fault of the catalogue', () => {
  it.each(faults.map((fault) => [fault.name, fault] as const))('%s', async (name, fault) => {
    const done = await run(fault, disguised.includes(name) ? { names: otherNames, decoys: true } : {});
    expectAsExpected(fault, done);
    expectSafe(done);
  });
});
