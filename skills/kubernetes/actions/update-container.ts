import type { JsonObject, JsonSchema } from '../../../controller/api/json.ts';
import type { ContainerState } from '../../lib/container-difference.ts';
import { containerDirection } from '../../lib/change-direction.ts';
import { environmentParameter } from '../../lib/environment-parameter.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { listOf, numberOf, objectOf, textOf } from '../../lib/reading.ts';
import { shownValue } from '../../lib/secret-like.ts';
import { unfamiliar } from '../../lib/unfamiliar.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import type { ContainerChanges, VariableChange } from '../deployment-changes.ts';
import { limitsOf } from '../parameters.ts';
import { fileEdits } from './file-edits.ts';
import { chooseContainer, type Live, plan, readLive } from './live.ts';
import { valuesOf } from './manifest.ts';
import { execute, probeAct, rollback, settled, unchanged } from './operations.ts';

const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  anyOf: [{ required: ['memory'] }, { required: ['cpu'] }, { required: ['environment'] }, { required: ['image'] }],
  properties: {
    container: { type: 'string', minLength: 1, maxLength: 253 },
    memory: { type: 'integer', minimum: 4, description: 'The new limit in MiB, above the present one' },
    cpu: { type: 'integer', minimum: 1, description: 'The new limit in millicores, above the present one' },
    image: { type: 'string', minLength: 1, maxLength: 1024 },
    environment: environmentParameter({
      name: { minLength: 1, maxLength: 253 },
      longestValue: 8192,
      restore: ['restoreFrom', { maxLength: 253, description: 'ReplicaSet whose entry is restored' }],
    }),
  },
};

/** Another memory or CPU limit, image or environment for a container; the Deployment rolls it out. */
export const updateContainer: ActionType = {
  id: 'kubernetes.update-container',
  title: 'Change resources, image or environment of a container',
  class: 'Infra',
  risk: 'Medium',
  parameters,
  idempotency: 'Keyed',
  direction: containerDirection,
  render,
  execute,
  probe: probeAct,
  unchanged,
  settled,
  rollback,
};

async function render(context: ActionContext, given: JsonObject): Promise<RenderedAction> {
  const live = await readLive(context);
  const own = textOf(context.node.with['container']);
  const container = chooseContainer(live.deployment, textOf(given['container']), own);
  const limits = limitsOf(context.node.with);
  const memoryMiB = growing('memory', numberOf(given['memory']), container.memory, limits.maxMemory);
  const cpuMillis = growing('cpu', numberOf(given['cpu']), container.cpu, limits.maxCpu);
  const image = textOf(given['image']);
  const environment = listOf(given['environment']).map((one) => variableOf(objectOf(one)));
  const changes: ContainerChanges = {
    name: container.name,
    ...(memoryMiB === undefined ? {} : { memoryMiB }),
    ...(cpuMillis === undefined ? {} : { cpuMillis }),
    ...(image === undefined ? {} : { image }),
    ...(environment.length === 0 ? {} : { environment }),
  };
  const { edits, notes } = await fileEdits(
    context,
    live.target.deployment,
    valuesOf(container.name, { memory: memoryMiB, cpu: cpuMillis, image }),
  );
  const strange = unfamiliar({ image, environment }, settingsOf(live, container.name));
  const warnings = strange.map((one) => `# ${one}: a person looks first`);
  const lines = [`  container ${container.name}`, ...diffOf(container, changes), ...warnings, ...notes];
  const planned = plan(context, live, { container: changes }, lines);
  return { ...planned, edits, ...(strange.length === 0 ? {} : { unfamiliar: strange }) };
}

/** The container as it is, and as the revisions had it. */
function settingsOf({ deployment, revisions }: Live, name: string): readonly ContainerState[] {
  const templates = [deployment.template, ...revisions.map(({ template }) => template)];
  return templates.flatMap(({ containers }) => containers.filter((one) => one.name === name));
}

function growing(
  what: string,
  wanted: number | undefined,
  present: number | undefined,
  most: number,
): number | undefined {
  if (wanted === undefined) return undefined;
  if (wanted > most) throw new PlanRefused('AboveLimit', `${what} ${wanted} is above the node's limit of ${most}`);
  if (present === undefined || wanted > present) return wanted;
  throw new PlanRefused('NotAnIncrease', `${what} is ${present} already, so ${wanted} is no increase`);
}

function variableOf(variable: JsonObject): VariableChange {
  const name = textOf(variable['name']) ?? '';
  const from = textOf(variable['restoreFrom']);
  if (from !== undefined) return { name, from };
  const { value } = variable;
  return { name, value: typeof value === 'string' ? value : null };
}

function diffOf(container: ContainerState, changes: ContainerChanges): readonly string[] {
  const { memoryMiB, cpuMillis, image, environment = [] } = changes;
  return [
    ...(memoryMiB === undefined ? [] : lines('memory', container.memory, memoryMiB, ' MiB')),
    ...(cpuMillis === undefined ? [] : lines('cpu', container.cpu, cpuMillis, 'm')),
    ...(image === undefined ? [] : lines('image', container.image, image, '')),
    ...environment.flatMap(({ name, value, from }) => {
      const before = container.environment[name];
      return lines(
        name,
        before === undefined ? undefined : shownValue(name, before),
        afterwards(name, value, from),
        '',
      );
    }),
  ];
}

function afterwards(name: string, value: string | null | undefined, from: string | undefined): string {
  if (from !== undefined) return `as in ${from}`;
  return typeof value === 'string' ? shownValue(name, value) : 'unset';
}

function lines(what: string, before: string | number | undefined, after: string | number, unit: string): string[] {
  return [`- ${what}: ${before === undefined ? 'unset' : `${before}${unit}`}`, `+ ${what}: ${after}${unit}`];
}
