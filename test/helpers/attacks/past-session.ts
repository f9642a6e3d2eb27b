import { setReadiness } from '../../../controller/kube/conditions.ts';
import type { MemoryApi } from '../session/memory-api.ts';

/** A session of last month that was like this one, of which somebody has told the symptom. */
export function pastSession(api: MemoryApi, description: string): void {
  const session = api.createSession('last-month', {
    topologyRef: { name: 'elsewhere' },
    mode: 'Fix',
    reasoner: 'Causal',
    suspend: false,
    cancel: false,
    grantIterations: 0,
    createdBy: 'mallory',
    symptom: { description },
  });
  const rootCause = { node: 'shop/compute', kind: 'shop.OutOfMemory', summary: 'Tasks die.' };
  const ended = new Date('2025-12-01T00:00:00Z');
  const conditions = setReadiness([], { state: 'Ready', reason: 'Fixed', message: '' }, 1, ended);
  const signature = 'shop.scale shop/compute count:increase';
  api.putSessionStatus({
    ...session,
    status: {
      phase: 'Succeeded',
      outcome: 'Fixed',
      conditions: [...conditions],
      completedAt: '2025-12-01T00:00:00Z',
      diagnosis: {
        engine: 'Causal',
        bundleDigest: 'a'.repeat(64),
        confidencePercent: 90,
        rootCause,
        chain: ['shop/compute'],
        claims: [{ text: 'Tasks die.', findings: ['shop/compute:shop.OutOfMemory:0'] }],
        predictions: [{ node: 'shop/compute', findingGone: 'shop.OutOfMemory', withinSeconds: 10 }],
      },
      history: [
        {
          iteration: 1,
          diagnosis: 'Tasks die.',
          action: 'infra fix',
          result: 'pass',
          standing: 'Kept',
          rootCause: 'shop/compute shop.OutOfMemory',
          signature,
        },
      ],
    },
  });
}
