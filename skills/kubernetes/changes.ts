import type { JsonObject } from '../../controller/api/json.ts';
import type { Change, Finding } from '../../controller/evidence/finding.ts';
import { type ContainerDifference, containerDifference, describeDifference } from '../lib/container-difference.ts';
import { imageCommit, imageTag } from '../lib/ecs/names.ts';
import { otherDifferences } from '../lib/other-differences.ts';
import { isDefined } from '../lib/reading.ts';
import { within } from '../lib/time.ts';
import { findingOf } from './finding.ts';
import type { Revision, Template } from './model.ts';
import type { Snapshot } from './snapshot.ts';

/** How many revisions back changes are told. */
const revisionsBack = 4;

/** A revision against the one before it. */
interface Step {
  readonly to: Revision;
  readonly from: Revision;
  readonly at: Date;
  readonly differences: readonly ContainerDifference[];
  /** Paths of what else differs. */
  readonly others: readonly string[];
}

/**
 * What the latest revisions changed: a Deploy where an image is another one, else a Configuration. Facts: {replicaSet, revision,
 * previousReplicaSet, previousRevision, byThreehops, differences, others where there are any, and for a Deploy image,
 * previousImage, imageTag, commit, previousCommit}.
 */
export function revisionChanges(snapshot: Snapshot): readonly Change[] {
  return stepsOf(snapshot).map((step) => changeOf(step, snapshot));
}

/** Tells a change that fell into the window, so that it can be blamed where nothing else shows. */
export function changeFindings(snapshot: Snapshot): readonly Finding[] {
  return stepsOf(snapshot)
    .filter((step) => within(step.at, snapshot.window) && !isOurs(step))
    .map((step) =>
      findingOf(snapshot, {
        reason: 'TemplateChanged',
        subject: step.to.name,
        severity: 'Info',
        summary: `revision ${step.to.revision} changed ${described(step)}`,
        since: step.at.toISOString(),
        read: 'replicasets',
        facts: factsOf(step),
      }),
    );
}

export function templateDifferences(from: Template, to: Template): readonly ContainerDifference[] {
  return to.containers
    .map((now) => {
      const before = from.containers.find(({ name }) => name === now.name);
      return before === undefined ? undefined : containerDifference(before, now);
    })
    .filter(isDefined);
}

function stepsOf({ revisions }: Snapshot): readonly Step[] {
  return revisions.slice(0, revisionsBack).flatMap((to, index) => {
    const from = revisions[index + 1];
    // One that was gone back to is older than what it replaced.
    const at = [to.createdAt, from?.createdAt].filter(isDefined).toSorted((a, b) => b.getTime() - a.getTime())[0];
    if (from === undefined || at === undefined) return [];
    const differences = templateDifferences(from.template, to.template);
    const others = otherDifferences(from.template.others, to.template.others);
    return differences.length + others.length === 0 ? [] : [{ to, from, at, differences, others }];
  });
}

function changeOf(step: Step, { node, target }: Snapshot): Change {
  const image = step.differences.find((one) => one.image !== undefined)?.image;
  return {
    id: `${node}:${image === undefined ? 'configuration' : 'deploy'}:${step.to.name}`,
    node,
    kind: image === undefined ? 'Configuration' : 'Deploy',
    at: step.at.toISOString(),
    summary: `revision ${step.to.revision} changed ${described(step)}`.slice(0, 500),
    source: `resources_list replicasets in ${target.namespace}`,
    facts: { ...factsOf(step), ...(image === undefined ? {} : imageFacts(image.from, image.to)) },
  };
}

function imageFacts(from: string, to: string): JsonObject {
  return {
    image: to,
    previousImage: from,
    imageTag: imageTag(to) ?? null,
    commit: imageCommit(to) ?? null,
    previousCommit: imageCommit(from) ?? null,
  };
}

function described({ differences, others }: Step): string {
  const known = differences.map((one) => `${one.container}: ${describeDifference(one)}`);
  return [...known, ...(others.length === 0 ? [] : [others.join(', ')])].join('; ');
}

/** Whoever applies a template of his own leaves a mark in it that he does not know: only a new one is of an act. */
function isOurs({ to, from }: Pick<Step, 'to' | 'from'>): boolean {
  return to.template.actionId !== undefined && to.template.actionId !== from.template.actionId;
}

function factsOf({ to, from, differences, others }: Step): JsonObject {
  return {
    replicaSet: to.name,
    revision: to.revision,
    previousReplicaSet: from.name,
    previousRevision: from.revision,
    byThreehops: isOurs({ to, from }),
    differences: differences as unknown as readonly JsonObject[],
    ...(others.length === 0 ? {} : { others }),
  };
}
