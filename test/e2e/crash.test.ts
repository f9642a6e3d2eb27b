import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashRun } from '../faults/crash-run.ts';
import { memoryFolder } from '../lab/cluster/memory-folder.ts';
import { fault as cannotFix } from '../lab/faults/cannot-fix.ts';
import { faultNamed } from '../lab/faults/catalogue.ts';
import type { CrashPlan } from '../lab/host/crash.ts';
import { openLab, type OpenLab } from '../lab/host/open-lab.ts';
import { startPlatform, type Platform } from '../lab/host/platform.ts';
import { runSession } from '../lab/host/session.ts';
import { until } from '../lab/parts/process.ts';
import { decide } from './decide.ts';

/** The operator is killed at an outside write and started again: the same end, and nothing done twice. `npm run chaos` does them all. */

const dataDir = memoryFolder('crash');
let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform({ dataDir, signal: new AbortController().signal, progress: () => undefined });
}, 900_000);
afterAll(async () => {
  await platform.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

let count = 0;
const nextNamespace = (): string => {
  count += 1;
  return `crash-${count}`;
};

const points: readonly (readonly [string, string, CrashPlan])[] = [
  ["a commit's push, after it was carried out", 'leaky-release', { at: 'forge push', when: 'After' }],
  ['an infra write, after it was carried out', 'small-memory', { at: 'ecs RegisterTaskDefinition', when: 'After' }],
  ['the pull request, on its receipt', 'small-memory', { at: 'forge pull', when: 'Before' }],
];

describe('killed at', () => {
  it.each(points)('%s', async (_, name, crash) => {
    const signal = AbortSignal.timeout(240_000);
    const done = await crashRun(faultNamed(name), { platform, namespace: nextNamespace(), signal, crash });
    expect(done.problems).toEqual([]);
  });

  it('the opening of an Approval: the next life asks no second question, and hears the answer to the first', async () => {
    const open = await openLab(cannotFix, {
      platform,
      namespace: nextNamespace(),
      signal: AbortSignal.timeout(240_000),
      tell: () => undefined,
    });
    try {
      const session = runSession(open, { name: 'asked', order: cannotFix.session, mode: 'Fix' }, () => undefined);
      // It is awaited below; until then nobody listens.
      session.catch(() => undefined);
      await until('the question', async () => ((await approvalsIn(open)).length > 0 ? true : undefined), 180_000, 20);
      await open.operator.kill();
      await open.operator.start();
      expect((await session).status).toMatchObject({ phase: 'Escalated', pullRequest: { draft: true } });
      const question = { session: 'asked', decision: { decision: 'Rejected' } } as const;
      const { status } = await decide(open, question, (next) => next.status?.phase === 'Failed');
      expect(status).toMatchObject({ outcome: 'Stopped' });
      expect(await approvalsIn(open)).toHaveLength(1);
    } finally {
      await open.close();
    }
  });
});

async function approvalsIn({ platform, namespace }: OpenLab): Promise<readonly string[]> {
  const args = ['get', 'approvals.threehops.dev', '--namespace', namespace, '--output', 'name'];
  return (await platform.controlPlane.kubectl(args)).stdout.split('\n').filter((line) => line !== '');
}
