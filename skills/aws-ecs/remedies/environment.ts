import type { JsonObject } from '../../../controller/api/json.ts';
import type { ContainerDifference } from '../../lib/container-difference.ts';
import { restoredVariable } from '../../lib/ecs/restored-variable.ts';
import type { VariableDifference } from '../../lib/variables.ts';
import { textOf } from '../../lib/reading.ts';
import type { ProposedFix, Remedy, RemedyContext } from '../../skill.ts';
import { findingsOf, fitness, type RevisionChange, revisionChangesOf } from './reading.ts';

const failing = [
  'ExitedNonZero',
  'ExitedZero',
  'HealthCheckFailed',
  'CircuitBreakerTripped',
  'RolloutFailed',
  'TasksMissing',
];
/** With more variables than this, which of them is wrong is a guess. */
const fewVariables = 3;

/** A variable that was changed makes the program fail: restore exactly those that differ from the revision before. */
export const restoreEnvironment: Remedy = {
  id: 'aws-ecs.restore-environment',
  forKinds: [...failing, 'TaskDefinitionChanged', 'OutOfMemory'].map((reason) => `aws-ecs.${reason}`),
  cause: 'aws-ecs.BadEnvironment',
  takesBack: true,
  propose(context) {
    const change = revisionChangesOf(context).find((one) => one.differences.some(({ environment }) => environment));
    if (change === undefined) return [];
    return change.differences.flatMap((difference) => proposals(context, change, difference));
  },
};

function proposals(
  context: RemedyContext,
  change: RevisionChange,
  difference: ContainerDifference,
): readonly ProposedFix[] {
  const variables = difference.environment ?? [];
  if (variables.length === 0) return [];
  const names = variables.map(({ name }) => name).join(', ');
  const parameters: JsonObject = {
    container: difference.container,
    environment: variables.map((variable) => restoredVariable(variable, change.previousTaskDefinition)),
  };
  return [
    {
      action: 'aws-ecs.update-task-definition',
      parameters,
      rationale: `${names} changed at ${change.at}: restore what revision ${change.previousRevision} had`,
      fitness: fitness(fitnessOf(context, change, variables)),
    },
  ];
}

/**
 * Against it speak new code in the same revision (least where variables were changed or removed: what is added is usually what the
 * new code wants), many variables at once, and kills for memory. For it speaks that an error names one of them, most of all the
 * value that it was given.
 */
function fitnessOf(context: RemedyContext, change: RevisionChange, variables: readonly VariableDifference[]): number {
  const crashes = findingsOf(context, ...failing).length > 0;
  const memory = findingsOf(context, 'OutOfMemory').length > 0;
  const base = memory ? 0.3 : crashes ? 0.85 : 0.6;
  const onlyAdded = variables.every(({ from }) => from === null);
  const code = change.codeChanged ? (onlyAdded ? 0.35 : 0.2) : 0;
  return base - code - (variables.length > fewVariables ? 0.2 : 0) + namedShare(context, variables);
}

const shortestWord = 4;

/** An error speaks of a variable, or of the value that it was given: a host that is not found, a mode that is not known. */
function namedShare({ findings }: RemedyContext, variables: readonly VariableDifference[]): number {
  const errors = findings
    .filter(({ severity, kind }) => severity !== 'Info' && !kind.startsWith('aws-ecs.'))
    .map(({ summary, facts }) => `${summary} ${textOf(facts?.['sample']) ?? ''}`);
  const values = variables.flatMap(({ to, redacted }) => (redacted || to === null ? [] : [to]));
  if (values.some((value) => isTelling(value) && errors.some((error) => speaksOf(error, value)))) return 0.25;
  const words = [...variables.map(({ name }) => name), ...values].filter((word) => word.length >= shortestWord);
  return words.some((word) => errors.some((error) => error.includes(word))) ? 0.1 : 0;
}

const unmistakable = 6;

/** Not a word that is in any log. */
function isTelling(value: string): boolean {
  return value.length >= unmistakable || (value.length >= shortestWord && /[^A-Za-z]/.test(value));
}

function speaksOf(error: string, value: string): boolean {
  const at = error.indexOf(value);
  const isPart = (character: string | undefined): boolean => character !== undefined && /\w/.test(character);
  return at >= 0 && !isPart(error[at - 1]) && !isPart(error[at + value.length]);
}
