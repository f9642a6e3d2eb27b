import { allowDowntime, commitDefinition } from './definition.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** The program is as well as ever, and the platform ends every task of it, because it asks for a page that is not there. */
export const fault: Fault = {
  name: 'wrong-health-check-path',
  description: 'A commit asks for the health of payments at a path that it does not serve: no task ever gets healthy',
  session: { service: 'payments', symptom: 'Checkouts fail with 503 since the last deploy; payments never come up' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.payments}/${names.nodes.compute}`, kind: 'aws-ecs.BadRelease' },
      { node: `${names.payments}/${names.nodes.code}`, kind: 'github.CodeRegression' },
    ],
    fixes: ['aws-ecs.roll-back', 'github.revert-commit'],
    iterations: 1,
  },
  async inject(lab) {
    await allowDowntime(lab, 'payments');
    await commitDefinition(lab, 'payments', 'Ask for health where the platform team wants it', (container) => ({
      ...container,
      healthCheck: {
        ...container.healthCheck,
        command: (container.healthCheck?.command ?? []).map((word) => word.replace('/health', '/healthz/ready')),
      },
    }));
    await lab.until('a task to be ended for its health', async () => {
      const stopped = await lab.stoppedTasks('payments');
      return stopped.some(({ healthStatus }) => healthStatus === 'UNHEALTHY');
    });
    await lab.until('users to see it', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
