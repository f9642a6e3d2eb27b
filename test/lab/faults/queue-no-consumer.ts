import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Fault } from './fault.ts';
import { allHold, trafficFails, usersAreServed } from './judge.ts';
import { backlogIsSmall, busy, ordinaryBacklog, waiting } from './queue.ts';

/** Somebody saves on staging over the weekend: nobody works on the queue any more, which none of its users calls. */
export const fault: Fault = {
  name: 'queue-no-consumer',
  description: 'The worker is scaled to none: the queue fills, payments shed load, the gateway fails',
  session: { service: 'gateway', symptom: 'Checkouts are answered with 5xx since Monday morning' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.settlement}/${names.nodes.compute}`, kind: 'aws-ecs.ScaledDown' }],
    fixes: ['aws-ecs.scale'],
    iterations: 1,
  },
  prepare: () => ({ requestsPerSecond: busy }),
  async inject(lab) {
    const { cluster, settlement } = lab.names;
    await lab.ecsClient.send(new UpdateServiceCommand({ cluster, service: settlement, desiredCount: 0 }));
    await lab.until('the backlog to grow', async () => (await waiting(lab)) > ordinaryBacklog, 60_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.3));
  },
  healed: (lab) =>
    allHold(
      () => usersAreServed(lab),
      () => backlogIsSmall(lab),
    ),
};
