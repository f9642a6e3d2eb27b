import { commitDefinition, withVariable } from './definition.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** A name that no resolver knows: RFC 6761 keeps `.invalid` for that. */
const elsewhere = 'http://notify.staging.invalid';

/** The tasks start and are healthy; it is each payment that fails, when it comes to telling somebody of it. */
export const fault: Fault = {
  name: 'dns-name-wrong',
  description: 'A commit sends payments to a host name that does not resolve: tasks are healthy, every payment fails',
  session: { service: 'gateway', symptom: 'Every checkout ends with a 502 since the last deploy of payments' },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [
      { node: `${names.payments}/${names.nodes.compute}`, kind: 'aws-ecs.BadEnvironment' },
      { node: `${names.payments}/${names.nodes.code}`, kind: 'github.CodeRegression' },
    ],
    fixes: ['aws-ecs.update-task-definition', 'aws-ecs.roll-back', 'github.revert-commit'],
    iterations: 1,
  },
  async inject(lab) {
    await commitDefinition(lab, 'payments', 'Name the notification service in the definition', (container) =>
      withVariable(container, 'NOTIFICATION_URL', elsewhere),
    );
    await lab.until('users to see it', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
