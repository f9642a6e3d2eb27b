import type { JsonObject } from '../../controller/api/json.ts';
import type { Change, Finding } from '../../controller/evidence/finding.ts';
import { type ContainerDifference, describeDifference } from '../lib/container-difference.ts';
import { differences, othersIn } from '../lib/ecs/difference.ts';
import { primaryOf } from '../lib/ecs/deployment.ts';
import { actionTag, type EcsService, type EcsTaskDefinition } from '../lib/ecs/model.ts';
import { imageCommit, imageTag, shortName } from '../lib/ecs/names.ts';
import { findingId } from '../lib/finding-id.ts';
import { within } from '../lib/time.ts';
import type { EcsSnapshot } from './snapshot.ts';

/** A revision against the one before it. */
interface Step {
  readonly to: EcsTaskDefinition;
  readonly from: EcsTaskDefinition;
  readonly at: Date;
  readonly differences: readonly ContainerDifference[];
  /** Paths of what else differs. */
  readonly others: readonly string[];
}

/**
 * What the latest revisions changed: a Deploy where the image is another one, a Configuration where anything else is.
 * Facts: {taskDefinition, revision, previousTaskDefinition, byThreehops, differences, others where there are any, and for a Deploy
 * image, previousImage, imageTag, commit, previousCommit}. A deployment of a revision that is not new is a Deploy with {deployment,
 * taskDefinition} alone.
 */
export function revisionChanges(snapshot: EcsSnapshot): readonly Change[] {
  const steps = stepsOf(snapshot);
  return [
    ...steps.flatMap((step) => [...deployOf(step, snapshot), ...configurationOf(step, snapshot)]),
    ...restart(snapshot),
  ];
}

/** Tells a change of configuration that fell into the window, so that it can be blamed where nothing else shows. */
export function changeFindings(snapshot: EcsSnapshot): readonly Finding[] {
  const recent = stepsOf(snapshot).filter(
    (step) => within(step.at, snapshot.window) && step.to.tags[actionTag] === undefined && isConfiguration(step),
  );
  return recent.map((step) => ({
    id: findingId(snapshot.node, 'aws-ecs.TaskDefinitionChanged', shortName(step.to.arn)),
    node: snapshot.node,
    kind: 'aws-ecs.TaskDefinitionChanged',
    severity: 'Info',
    summary: configurationSummary(step),
    since: step.at.toISOString(),
    source: source(step),
    facts: factsOf(step),
  }));
}

/** Which build runs, where the tag of its image is a commit: what was committed after it has harmed nothing. */
export function runningBuild({ node, definitions, service, target }: EcsSnapshot): readonly Finding[] {
  const definition = definitions.find((one) => one.arn === service.taskDefinition);
  const image = definition?.containers.find((one) => one.essential)?.image;
  const commit = image === undefined ? undefined : imageCommit(image);
  if (image === undefined || commit === undefined) return [];
  return [
    {
      id: findingId(node, 'aws-ecs.RunningBuild', 'service'),
      node,
      kind: 'aws-ecs.RunningBuild',
      severity: 'Info',
      summary: `${shortName(service.taskDefinition)} runs the build of ${commit.slice(0, 7)}`,
      source: `ecs_resource_management DescribeServices ${shortName(target.cluster)}/${shortName(target.service)}`,
      facts: { image, commit },
    },
  ];
}

function stepsOf({ definitions, service }: EcsSnapshot): readonly Step[] {
  return definitions.flatMap((to, index) => {
    const from = definitions[index + 1];
    // A family can have revisions that this service never ran; between two of one family each step is still a change.
    if (from === undefined || from.family !== to.family) return [];
    const at = firstDeployed(to, service);
    const step = { to, from, differences: differences(from, to), others: othersIn(from, to) };
    return at === undefined || step.differences.length + step.others.length === 0 ? [] : [{ ...step, at }];
  });
}

/** A deployment that began long after its revision was registered may not be the first of it. */
const soonMs = 10 * 60_000;

/** When a revision first ran, as far as can be told: ECS lists only the deployments of now, and any of them may be a restart. */
function firstDeployed({ arn, registeredAt }: EcsTaskDefinition, { deployments }: EcsService): Date | undefined {
  const first = deployments
    .filter(({ taskDefinition }) => taskDefinition === arn)
    .flatMap(({ createdAt }) => createdAt ?? [])
    .toSorted((a, b) => a.getTime() - b.getTime())[0];
  if (first === undefined || registeredAt === undefined) return registeredAt ?? first;
  const late = first.getTime() - registeredAt.getTime();
  return late >= 0 && late <= soonMs ? first : registeredAt;
}

/** The newest deployment, where it is not what brought its revision: a restart, or a late deployment; it changed no definition. */
function restart({ node, service, target, definitions }: EcsSnapshot): readonly Change[] {
  const primary = primaryOf(service);
  const definition = definitions.find(({ arn }) => arn === primary?.taskDefinition);
  const known = definition === undefined ? undefined : firstDeployed(definition, service);
  if (primary?.createdAt === undefined || known === undefined || primary.createdAt <= known) return [];
  const revision = shortName(primary.taskDefinition);
  return [
    {
      id: `${node}:deployment:${primary.id}`,
      node,
      kind: 'Deploy',
      at: primary.createdAt.toISOString(),
      summary: `${revision}, known since ${known.toISOString()}, was deployed anew`,
      source: `ecs_resource_management DescribeServices ${shortName(target.cluster)}/${shortName(target.service)}`,
      facts: { deployment: primary.id, taskDefinition: primary.taskDefinition },
    },
  ];
}

function deployOf(step: Step, { node }: EcsSnapshot): readonly Change[] {
  const changed = step.differences.find((one) => one.image !== undefined);
  if (changed?.image === undefined) return [];
  const { from, to } = changed.image;
  return [
    {
      id: `${node}:deploy:${shortName(step.to.arn)}`,
      node,
      kind: 'Deploy',
      at: step.at.toISOString(),
      summary: `${shortName(step.to.arn)} deployed ${imageTag(to) ?? to} in the place of ${imageTag(from) ?? from}`,
      source: source(step),
      facts: {
        ...factsOf(step),
        image: to,
        previousImage: from,
        imageTag: imageTag(to) ?? null,
        commit: imageCommit(to) ?? null,
        previousCommit: imageCommit(from) ?? null,
      },
    },
  ];
}

function configurationOf(step: Step, { node }: EcsSnapshot): readonly Change[] {
  if (!isConfiguration(step)) return [];
  return [
    {
      id: `${node}:configuration:${shortName(step.to.arn)}`,
      node,
      kind: 'Configuration',
      at: step.at.toISOString(),
      summary: configurationSummary(step),
      source: source(step),
      facts: factsOf(step),
    },
  ];
}

/** The differences without images. */
function configured(step: Step): readonly ContainerDifference[] {
  return step.differences
    .map((one) => Object.fromEntries(Object.entries(one).filter(([field]) => field !== 'image')) as ContainerDifference)
    .filter((rest) => Object.keys(rest).length > 1);
}

function isConfiguration(step: Step): boolean {
  return configured(step).length + step.others.length > 0;
}

function configurationSummary(step: Step): string {
  const known = configured(step).map((one) => `${one.container}: ${describeDifference(one)}`);
  const changed = [...known, ...(step.others.length === 0 ? [] : [step.others.join(', ')])].join('; ');
  return `${shortName(step.to.arn)} changed ${changed}`.slice(0, 500);
}

function factsOf(step: Step): JsonObject {
  return {
    taskDefinition: step.to.arn,
    revision: step.to.revision,
    previousTaskDefinition: step.from.arn,
    previousRevision: step.from.revision,
    byThreehops: step.to.tags[actionTag] !== undefined,
    differences: step.differences as unknown as readonly JsonObject[],
    ...(step.others.length === 0 ? {} : { others: step.others }),
  };
}

function source(step: Step): string {
  return `ecs_resource_management DescribeTaskDefinition ${shortName(step.from.arn)}, ${shortName(step.to.arn)}`;
}
