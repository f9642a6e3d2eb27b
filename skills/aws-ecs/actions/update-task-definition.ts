import type { JsonObject, JsonSchema } from '../../../controller/api/json.ts';
import { describeTaskDefinition, listRevisions } from '../../lib/ecs/api.ts';
import { cpuShare, memoryLimit } from '../../lib/ecs/difference.ts';
import type { EcsContainerDefinition } from '../../lib/ecs/model.ts';
import { revisionOf } from '../../lib/ecs/names.ts';
import { containerDirection } from '../../lib/change-direction.ts';
import { environmentParameter } from '../../lib/environment-parameter.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { listOf, numberOf, objectOf, textOf } from '../../lib/reading.ts';
import { isSecretLike, redacted } from '../../lib/secret-like.ts';
import { type Setting, unfamiliar } from '../../lib/unfamiliar.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import { limitsOf } from '../parameters.ts';
import { fileEdits } from './file-edits.ts';
import { type EnvironmentChange, type NewRevision, toJson } from './frozen.ts';
import { chooseContainer, type Live, planned, readLive, targetVersion } from './live.ts';
import type { ManifestChanges } from './manifest.ts';
import { probeAct } from './occurrence.ts';
import { revisionDiff, type WantedVariable } from './revision-diff.ts';
import { execute, rollback, settled, unchanged } from './operations.ts';
import { sizeChanges } from './sizing.ts';

const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  anyOf: [{ required: ['memory'] }, { required: ['cpu'] }, { required: ['environment'] }, { required: ['image'] }],
  properties: {
    container: { type: 'string', minLength: 1, maxLength: 255 },
    memory: {
      type: 'integer',
      minimum: 4,
      maximum: 122880,
      description: 'The new hard limit in MiB, above the present one',
    },
    cpu: { type: 'integer', minimum: 1, maximum: 16384, description: 'The new CPU units, above the present ones' },
    image: { type: 'string', minLength: 1, maxLength: 1024 },
    environment: environmentParameter({
      name: { minLength: 1, maxLength: 255, pattern: '^[A-Za-z_][A-Za-z0-9_.-]*$' },
      longestValue: 8192,
      restore: ['restoreFrom', { maxLength: 512, description: 'Task definition whose value is restored' }],
    }),
  },
};

/** A new revision of the task definition with more memory or CPU, other variables or another image; then deployed. */
export const updateTaskDefinition: ActionType = {
  id: 'aws-ecs.update-task-definition',
  title: 'Register a changed task definition and deploy it',
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
  const container = chooseContainer(live.definition, textOf(given['container']), own);
  const frozen = planOf(context, live, container, given);
  const values = await environmentValues(context, frozen, container);
  const strange = await unfamiliarIn(context, live, container, frozen);
  const files = await fileEdits(context, [manifestChanges(frozen, container, values)]);
  const withheld = values.filter(({ name, value }) => value !== null && isSecretLike(name, value));
  const notes = [
    ...strange.map((one) => `${one}: a person looks first`),
    ...files.notes,
    ...withheld.map(({ name }) => `${name} looks like a secret: not written to any file`),
  ];
  return {
    diff: revisionDiff(live, container, frozen, values, notes),
    target: targetVersion(context, live, 'NewRevision'),
    frozen: toJson(frozen),
    edits: files.edits,
    ...(strange.length === 0 ? {} : { unfamiliar: strange }),
  };
}

/** Against so many earlier revisions; they are read where the live one has it not. */
const revisionsRead = 10;

async function unfamiliarIn(
  { tools, signal }: ActionContext,
  { definition }: Live,
  container: EcsContainerDefinition,
  { changes: { image, environment = [] } }: NewRevision,
): Promise<readonly string[]> {
  const wanted = { image, environment };
  const ran: Setting[] = [container];
  if (unfamiliar(wanted, ran).length === 0) return [];
  const { family, revision } = revisionOf(definition.arn);
  const arns = await listRevisions(tools, family, 2 * revisionsRead, signal);
  const earlier = arns.filter((arn) => revisionOf(arn).revision < revision).slice(0, revisionsRead);
  for (const arn of earlier) {
    const { containers } = await describeTaskDefinition(tools, arn, signal);
    ran.push(...containers.filter(({ name }) => name === container.name));
    if (unfamiliar(wanted, ran).length === 0) return [];
  }
  return unfamiliar(wanted, ran);
}

function manifestChanges(
  { changes }: NewRevision,
  container: EcsContainerDefinition,
  values: readonly WantedVariable[],
): ManifestChanges {
  const { image, environment: _, ...sizes } = changes;
  return {
    ...sizes,
    ...(image === undefined ? {} : { image: { from: container.image, to: image } }),
    environment: values.filter(({ name, value }) => value === null || !isSecretLike(name, value)),
  };
}

function planOf(context: ActionContext, live: Live, container: EcsContainerDefinition, given: JsonObject): NewRevision {
  const limits = limitsOf(context.node.with);
  const memory = growing(
    'memory',
    numberOf(given['memory']),
    memoryLimit(live.definition, container),
    limits.maxMemory,
  );
  const cpu = growing('cpu', numberOf(given['cpu']), cpuShare(live.definition, container), limits.maxCpu);
  const wanted = { ...(memory === undefined ? {} : { memory }), ...(cpu === undefined ? {} : { cpu }) };
  const image = textOf(given['image']);
  const environment = environmentChanges(given);
  return {
    ...planned(live),
    operation: 'NewRevision',
    changes: {
      container: container.name,
      ...sizeChanges(live.definition, container, wanted),
      ...(image === undefined ? {} : { image }),
      ...(environment.length === 0 ? {} : { environment }),
    },
  };
}

function growing(
  what: string,
  wanted: number | undefined,
  present: number | undefined,
  most: number,
): number | undefined {
  if (wanted === undefined) return undefined;
  if (wanted > most) throw new PlanRefused('AboveLimit', `${what} ${wanted} is above the node's limit of ${most}`);
  if (present !== undefined && wanted <= present) {
    throw new PlanRefused('NotAnIncrease', `${what} is ${present} already, so ${wanted} is no increase`);
  }
  return wanted;
}

function environmentChanges(given: JsonObject): readonly EnvironmentChange[] {
  return listOf(given['environment']).map((item) => {
    const variable = objectOf(item);
    const name = textOf(variable['name']) ?? '';
    const from = textOf(variable['restoreFrom']);
    if (from !== undefined) return { name, from };
    const { value } = variable;
    return { name, value: typeof value === 'string' ? value : null };
  });
}

/** The values as they will be, with restored ones read from their revisions: for the files and the diff alone. */
async function environmentValues(
  context: ActionContext,
  { base, changes }: NewRevision,
  container: EcsContainerDefinition,
): Promise<readonly WantedVariable[]> {
  return Promise.all(
    (changes.environment ?? []).map(async ({ name, value, from }) => {
      if (from === undefined) return { name, value: value ?? null };
      if (revisionOf(from).family !== revisionOf(base).family) {
        throw new PlanRefused('ForeignDefinition', `${from} is no revision of what the service runs`);
      }
      const definition = await describeTaskDefinition(context.tools, from, context.signal);
      const restored = definition.containers.find((one) => one.name === container.name)?.environment[name];
      // A server that redacts would have us write its own mark into the file.
      if (restored === redacted) throw new PlanRefused('ValueHidden', `the tool server does not show ${name}`);
      return { name, value: restored ?? null };
    }),
  );
}
