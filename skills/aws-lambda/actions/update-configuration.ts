import type { JsonObject, JsonSchema } from '../../../controller/api/json.ts';
import { variableDirections } from '../../lib/change-direction.ts';
import { environmentParameter } from '../../lib/environment-parameter.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { listOf, numberOf, objectOf, textOf } from '../../lib/reading.ts';
import { isSecretLike, shownValue } from '../../lib/secret-like.ts';
import { unfamiliar } from '../../lib/unfamiliar.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import { type LambdaFunction, readFunction } from '../function.ts';
import { type LambdaSettings, settingsOf } from '../parameters.ts';
import { fileEdits } from './manifest.ts';
import {
  type ConfigurationChange,
  execute,
  type Frozen,
  probeAct,
  rollback,
  settled,
  targetOf,
  toJson,
  unchanged,
  type VariableChange,
  wantedValue,
} from './operations.ts';

const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  anyOf: [{ required: ['memory'] }, { required: ['timeoutSeconds'] }, { required: ['environment'] }],
  properties: {
    memory: { type: 'integer', minimum: 128, maximum: 10240, description: 'MiB, above the present ones' },
    timeoutSeconds: { type: 'integer', minimum: 1, maximum: 900, description: 'Above the present ones' },
    environment: environmentParameter({
      name: { minLength: 1, maxLength: 255, pattern: '^[A-Za-z][A-Za-z0-9_]*$' },
      longestValue: 4096,
      restore: ['fromVersion', { pattern: '^[0-9]+$', description: 'Version whose value is restored' }],
    }),
  },
};

/** More memory, a longer timeout or other variables, fenced by the function's revision. */
export const updateConfiguration: ActionType = {
  id: 'aws-lambda.update-configuration',
  title: 'Change the configuration of a function',
  class: 'Infra',
  risk: 'Medium',
  parameters,
  idempotency: 'Fenced',
  direction,
  render,
  execute,
  probe: probeAct,
  unchanged,
  settled,
  rollback,
};

/** Sizes only ever grow here, so their direction needs no look at what is live. */
function direction(given: JsonObject): string {
  return [
    ...(given['memory'] === undefined ? [] : ['memory:increase']),
    ...(given['timeoutSeconds'] === undefined ? [] : ['timeout:increase']),
    ...variableDirections(given),
  ].join('+');
}

async function render(context: ActionContext, given: JsonObject): Promise<RenderedAction> {
  const settings = settingsOf(context.node.with);
  const fn = await readFunction(context.tools, settings.name, context.signal);
  const change = changeOf(fn, settings, given);
  const { memory, timeoutSeconds, environment = [] } = change;
  const frozen: Frozen = {
    operation: 'Configuration',
    functionName: settings.name,
    revision: fn.live.revision,
    change,
    before: beforeOf(fn, change),
  };
  const variables = environment.map((one) => ({ name: one.name, value: wantedValue(fn, one) }));
  const strange = unfamiliar({ environment }, [fn.live, ...fn.versions]);
  const files = await fileEdits(context, {
    ...(memory === undefined ? {} : { MemorySize: memory }),
    ...(timeoutSeconds === undefined ? {} : { Timeout: timeoutSeconds }),
    variables: variables.filter(({ name, value }) => value === null || !isSecretLike(name, value)),
  });
  const notes = [...strange.map((one) => `${one}: a person looks first`), ...files.notes];
  return {
    diff: [...diffOf(fn, change, variables), ...notes.map((note) => `# ${note}`)].join('\n'),
    target: targetOf(context, fn, 'Configuration'),
    frozen: toJson(frozen),
    edits: files.edits,
    ...(strange.length === 0 ? {} : { unfamiliar: strange }),
  };
}

function changeOf(fn: LambdaFunction, settings: LambdaSettings, given: JsonObject): ConfigurationChange {
  const memory = growing('memory', numberOf(given['memory']), fn.live.memory, settings.maxMemory);
  const asked = numberOf(given['timeoutSeconds']);
  const timeoutSeconds = growing('timeout', asked, fn.live.timeoutSeconds, settings.maxTimeoutSeconds);
  const environment = variablesOf(given);
  return {
    ...(memory === undefined ? {} : { memory }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(environment.length === 0 ? {} : { environment }),
  };
}

function growing(what: string, wanted: number | undefined, present: number, most: number): number | undefined {
  if (wanted === undefined) return undefined;
  if (wanted > most) throw new PlanRefused('AboveLimit', `${what} ${wanted} is above the node's limit of ${most}`);
  if (wanted <= present) {
    throw new PlanRefused('NotAnIncrease', `${what} is ${present} already, so ${wanted} is no increase`);
  }
  return wanted;
}

function variablesOf(given: JsonObject): readonly VariableChange[] {
  return listOf(given['environment']).map((item) => {
    const { name, value, fromVersion } = objectOf(item);
    const from = textOf(fromVersion);
    const named = { name: textOf(name) ?? '' };
    return from === undefined
      ? { ...named, value: typeof value === 'string' ? value : null }
      : { ...named, fromVersion: from };
  });
}

/** A value that looks like a secret is not frozen: what it was before is then not brought back. */
function beforeOf({ live }: LambdaFunction, change: ConfigurationChange): ConfigurationChange {
  const environment = (change.environment ?? []).flatMap(({ name }) => {
    const value = live.environment[name] ?? null;
    return value !== null && isSecretLike(name, value) ? [] : [{ name, value }];
  });
  return {
    ...(change.memory === undefined ? {} : { memory: live.memory }),
    ...(change.timeoutSeconds === undefined ? {} : { timeoutSeconds: live.timeoutSeconds }),
    ...(change.environment === undefined ? {} : { environment }),
  };
}

function diffOf(
  { name, live }: LambdaFunction,
  change: ConfigurationChange,
  variables: readonly { readonly name: string; readonly value: string | null }[],
): readonly string[] {
  const changed = (what: string, from: number, to: number | undefined, unit: string): string[] =>
    to === undefined ? [] : [`-   ${what}: ${from} ${unit}`, `+   ${what}: ${to} ${unit}`];
  return [
    `function ${name}`,
    ...changed('memory', live.memory, change.memory, 'MiB'),
    ...changed('timeout', live.timeoutSeconds, change.timeoutSeconds, 's'),
    ...variables.flatMap(({ name: variable, value }) => [
      ...lineOf('-', variable, live.environment[variable] ?? null),
      ...lineOf('+', variable, value),
    ]),
  ];
}

function lineOf(sign: string, name: string, value: string | null): string[] {
  return value === null ? [] : [`${sign}   ${name}=${shownValue(name, value)}`];
}
