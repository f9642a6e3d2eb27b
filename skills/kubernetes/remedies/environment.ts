import type { VariableDifference } from '../../lib/variables.ts';
import type { Remedy, RemedyContext } from '../../skill.ts';
import { findingsOf, fitness, kinds, newestChange } from './reading.ts';

/** With more variables than this, which of them is wrong is a guess. */
const fewVariables = 3;

/** A variable that was changed makes the program fail: restore exactly those that differ from the revision before. */
export const restoreEnvironment: Remedy = {
  id: 'kubernetes.restore-environment',
  forKinds: kinds('CrashLoop', 'NotReady', 'StartFailed', 'TemplateChanged'),
  cause: 'kubernetes.BadEnvironment',
  takesBack: true,
  propose(context) {
    const change = newestChange(context);
    return (change?.differences ?? []).flatMap(({ container, environment = [], image }) => {
      if (change === undefined || environment.length === 0) return [];
      const names = environment.map(({ name }) => name).join(', ');
      return [
        {
          action: 'kubernetes.update-container',
          parameters: {
            container,
            environment: environment.map(({ name }) => ({ name, restoreFrom: change.previousReplicaSet })),
          },
          rationale: `${names} changed at ${change.at}: restore what revision ${change.previousRevision} had`,
          fitness: fitness(fitnessOf(context, environment, image !== undefined)),
        },
      ];
    });
  },
};

function fitnessOf(context: RemedyContext, variables: readonly VariableDifference[], newImage: boolean): number {
  const failing = findingsOf(context, 'CrashLoop', 'NotReady', 'StartFailed');
  const words = failing.map(({ summary }) => summary).join(' ');
  const named = variables.some(
    ({ name, to }) => words.includes(name) || (to !== null && to.length > 3 && words.includes(to)),
  );
  const many = variables.length > fewVariables ? 0.2 : 0;
  return (failing.length > 0 ? 0.7 : 0.5) + (named ? 0.25 : 0) - (newImage ? 0.2 : 0) - many;
}
