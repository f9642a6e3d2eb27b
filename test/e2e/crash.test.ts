import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashRun } from '../faults/crash-run.ts';
import { fault as cannotFix } from '../lab/faults/cannot-fix.ts';
import { firstTimeMs } from '../lab/cluster/programs.ts';
import { faultNamed } from '../lab/faults/catalogue.ts';
import type { CrashPlan } from '../lab/host/crash.ts';
import { openLab, type OpenLab } from '../lab/host/open-lab.ts';
import { runSession } from '../lab/host/session.ts';
import { until } from '../lab/parts/process.ts';
import { decide } from './decide.ts';
import { startPlatforms, type Platforms } from './platforms.ts';

/** The operator is killed at an outside write and started again: the same end, and nothing done twice. `npm run chaos` does them all. */

let platforms: Platforms;
beforeAll(async () => {
  platforms = await startPlatforms();
}, firstTimeMs);
afterAll(() => platforms.stop());

const points: readonly (readonly [string, string, CrashPlan])[] = [
  ["a commit's push, after it was carried out", 'leaky-release', { at: 'forge push', when: 'After' }],
  ['an infra write, after it was carried out', 'small-memory', { at: 'ecs RegisterTaskDefinition', when: 'After' }],
  ['the pull request, on its receipt', 'small-memory', { at: 'forge pull', when: 'Before' }],
];

describe.concurrent('killed at', () => {
  it.each(points)('%s', async (_, name, crash) => {
    const signal = AbortSignal.timeout(240_000);
    const done = await platforms.use((place) => crashRun(faultNamed(name), { ...place, signal, crash }));
    expect(done.problems).toEqual([]);
  });

  it('the opening of an Approval: the next life asks no second question, and hears the answer to the first', async () => {
    const asked = await platforms.use(async (place) => {
      const signal = AbortSignal.timeout(240_000);
      const open = await openLab(cannotFix, { ...place, signal, tell: () => undefined });
      try {
        return await dieWhileAsking(open);
      } finally {
        await open.close();
      }
    });
    expect(asked.first).toMatchObject({ phase: 'Escalated', pullRequest: { draft: true } });
    expect(asked.last).toMatchObject({ outcome: 'Stopped' });
    expect(asked.approvals).toHaveLength(1);
  });
});

/** What the session said when it asked, what it said when it was answered, and every question that there ever was. */
async function dieWhileAsking(open: OpenLab) {
  const session = runSession(open, { name: 'asked', order: cannotFix.session, mode: 'Fix' }, () => undefined);
  // It is awaited below; until then nobody listens.
  session.catch(() => undefined);
  await until('the question', async () => ((await approvalsIn(open)).length > 0 ? true : undefined), 180_000, 20);
  await open.operator.kill();
  await open.operator.start();
  const first = (await session).status;
  const question = { session: 'asked', decision: { decision: 'Rejected' } } as const;
  const last = (await decide(open, question, (next) => next.status?.phase === 'Failed')).status;
  return { first, last, approvals: await approvalsIn(open) };
}

async function approvalsIn({ platform, namespace }: OpenLab): Promise<readonly string[]> {
  const args = ['get', 'approvals.threehops.dev', '--namespace', namespace, '--output', 'name'];
  return (await platform.controlPlane.kubectl(args)).stdout.split('\n').filter((line) => line !== '');
}
