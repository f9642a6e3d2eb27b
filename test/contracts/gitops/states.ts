import type { Approval, DebugSession } from '../../../controller/api/kinds.ts';
import { setReadiness, type Condition, type Readiness } from '../../../controller/kube/conditions.ts';
import { hopeless, shopPolicy, smallMemory } from '../../helpers/session/shop.ts';
import { SessionWorld, type SessionWorldOptions } from '../../helpers/session-world.ts';

const now = new Date('2026-01-01T00:00:00Z');

export interface Sample {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: { readonly observedGeneration?: number; readonly conditions?: readonly Condition[] };
}

/** An object that the operator has seen, whatever its kind. */
export function seen(readiness: Readiness, more: readonly Condition[] = [], spec = {}): Sample {
  const conditions = [...setReadiness([], readiness, 1, now), ...more];
  return { metadata: { name: 'sample', generation: 1 }, spec, status: { observedGeneration: 1, conditions } };
}

export const unseen: Sample = {
  metadata: { name: 'sample', generation: 1 },
  spec: {},
  status: { observedGeneration: -1 },
};
/** Changed since it was seen. */
export const outdated = (sample: Sample): Sample => ({ ...sample, metadata: { ...sample.metadata, generation: 2 } });

export const drifted: Condition = {
  type: 'Drifted',
  status: 'True',
  reason: 'UndeclaredDependencies',
  message: 'mail.example.com is used and not on the map',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

/** Every status of sessions that a person approves, that come to nothing, that are called off and that are suspended. */
export async function sessionsOfAllPhases(): Promise<readonly DebugSession[]> {
  const asking = { story: smallMemory, topology: { policy: { ...shopPolicy, approvals: ['shop.resize'] } } };
  const lived: DebugSession[] = [];
  const live = async (options: SessionWorldOptions, work: (world: SessionWorld) => Promise<unknown>): Promise<void> => {
    const world = new SessionWorld(options);
    await work(world);
    lived.push(...world.api.written);
  };
  await live(asking, async (world) => {
    await world.untilAsked();
    world.decide('Approved');
    await world.untilEnd();
  });
  await live(asking, async (world) => {
    await world.untilAsked();
    world.change({ cancel: true });
    await world.untilEnd();
  });
  await live({ story: hopeless }, (world) => world.untilPhase('Escalated'));
  await live({ story: smallMemory, spec: { suspend: true } }, (world) =>
    world.until('suspended', () => world.condition('Reconciling')?.reason === 'Suspended'),
  );
  return lived;
}

export const approval = (state: NonNullable<Approval['status']>['state'], spec: object = {}): object => ({
  metadata: { name: 'a', generation: 1 },
  spec: { gate: 'RiskyAction', ...spec },
  status: { observedGeneration: 1, state },
});
