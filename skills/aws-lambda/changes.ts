import type { JsonObject } from '../../controller/api/json.ts';
import type { Change, Finding } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import { describeVariables, type VariableDifference, variableDifferences } from '../lib/variables.ts';
import { within, type Window } from '../lib/time.ts';
import type { FunctionConfiguration, LambdaFunction } from './function.ts';

type NumberDifference = { readonly from: number; readonly to: number };

/** What one configuration of a function differs in from the one before; only what differs is there. */
export type Difference = {
  readonly memory?: NumberDifference;
  readonly timeoutSeconds?: NumberDifference;
  readonly environment?: readonly VariableDifference[];
};

interface Step {
  readonly from: FunctionConfiguration;
  readonly to: FunctionConfiguration;
  readonly at: Date;
  readonly byThreehops: boolean;
  readonly difference: Difference;
}

/**
 * Lambda keeps no history of `$LATEST`, but published versions are frozen: the live configuration against the newest version that
 * differs from it, and each version against the one before. Without any, the difference is empty. Facts: {version, previousVersion, byThreehops, difference}.
 */
export function configurationChanges(node: string, fn: LambdaFunction): readonly Change[] {
  const steps = stepsOf(fn).flatMap((step) => [...configured(node, fn, step), ...deployed(node, fn, step)]);
  return fn.versions.length > 0 ? steps : undescribed(node, fn);
}

/** Without a published version there is nothing to compare with, but Lambda still tells when. */
function undescribed(node: string, { name, live, byThreehops }: LambdaFunction): readonly Change[] {
  if (live.lastModified === undefined) return [];
  return [
    {
      id: `${node}:configuration:${live.version}`,
      node,
      kind: 'Configuration',
      at: live.lastModified.toISOString(),
      summary: `${name} was last modified; no version is published that would tell in what`,
      source: `threehops_get_lambda_function ${name}`,
      facts: { version: live.version, previousVersion: null, byThreehops, difference: {} },
    },
  ];
}

/** Tells a change that fell into the window, so that it can be blamed where nothing else shows. */
export function changeFindings(node: string, fn: LambdaFunction, window: Window): readonly Finding[] {
  const kind = 'aws-lambda.ConfigurationChanged';
  return stepsOf(fn)
    .filter(({ at, byThreehops, difference }) => within(at, window) && !byThreehops && !isEmpty(difference))
    .map((step) => ({
      id: findingId(node, kind, step.to.version),
      node,
      kind,
      severity: 'Info',
      summary: summaryOf(fn, step),
      since: step.at.toISOString(),
      source: sourceOf(fn),
      facts: factsOf(step),
    }));
}

function stepsOf({ live, versions, byThreehops }: LambdaFunction): readonly Step[] {
  return [live, ...versions].flatMap((to, index, all) => {
    const from = all[index + 1];
    if (from === undefined || to.lastModified === undefined) return [];
    const difference = differenceOf(from, to);
    if (isEmpty(difference) && from.code === to.code) return [];
    return [{ from, to, at: to.lastModified, byThreehops: to === live && byThreehops, difference }];
  });
}

function differenceOf(from: FunctionConfiguration, to: FunctionConfiguration): Difference {
  const environment = variableDifferences(from.environment, to.environment);
  return {
    ...(from.memory === to.memory ? {} : { memory: { from: from.memory, to: to.memory } }),
    ...(from.timeoutSeconds === to.timeoutSeconds
      ? {}
      : { timeoutSeconds: { from: from.timeoutSeconds, to: to.timeoutSeconds } }),
    ...(environment.length === 0 ? {} : { environment }),
  };
}

function isEmpty(difference: Difference): boolean {
  return Object.keys(difference).length === 0;
}

function configured(node: string, fn: LambdaFunction, step: Step): readonly Change[] {
  return isEmpty(step.difference) ? [] : [changeOf(node, fn, step, 'Configuration', summaryOf(fn, step))];
}

function deployed(node: string, fn: LambdaFunction, step: Step): readonly Change[] {
  if (step.from.code === step.to.code) return [];
  return [changeOf(node, fn, step, 'Deploy', `${fn.name} was given other code`)];
}

function changeOf(
  node: string,
  fn: LambdaFunction,
  step: Step,
  kind: 'Configuration' | 'Deploy',
  summary: string,
): Change {
  const id = `${node}:${kind.toLowerCase()}:${step.to.version}`;
  return { id, node, kind, at: step.at.toISOString(), summary, source: sourceOf(fn), facts: factsOf(step) };
}

function summaryOf(fn: LambdaFunction, { difference }: Step): string {
  const { memory, timeoutSeconds, environment = [] } = difference;
  const told = [
    ...(memory === undefined ? [] : [`memory ${memory.from} -> ${memory.to} MiB`]),
    ...(timeoutSeconds === undefined ? [] : [`timeout ${timeoutSeconds.from} -> ${timeoutSeconds.to} s`]),
    ...describeVariables(environment),
  ];
  return `the configuration of ${fn.name} changed: ${told.join(', ')}`.slice(0, 500);
}

function factsOf({ from, to, byThreehops, difference }: Step): JsonObject {
  const versions = { version: to.version, previousVersion: from.version };
  return { ...versions, byThreehops, difference: difference as unknown as JsonObject };
}

function sourceOf({ name }: LambdaFunction): string {
  return `threehops_get_lambda_function ${name}`;
}
