import { skillResource } from '../api/generated/skill.ts';
import type { DeclaredSkill, ToolServer } from '../api/kinds.ts';
import { canonicalJson } from '../evidence/canonical.ts';
import type { Clock } from '../kube/clock.ts';
import type { KubeClient } from '../kube/client.ts';
import { setReadiness, type Readiness } from '../kube/conditions.ts';
import { Controller, type Reconcile } from '../kube/controller.ts';
import type { Informer } from '../kube/informer.ts';
import { keyOf, requestFor } from '../kube/object.ts';
import type { Log, Metrics } from '../kube/observe.ts';
import type { Resource } from '../kube/resource.ts';
import type { FieldFault } from './compile-skill.ts';
import type { DeclaredSkills } from './declared-skills.ts';

export const declaredSkills: Resource<DeclaredSkill> = skillResource;

/** Index of skills by the ToolServer that they ask, `<namespace>/<name>`. */
export function toolServerKeys({ metadata, spec }: DeclaredSkill): readonly string[] {
  return [`${metadata.namespace}/${spec.toolServerRef.name}`];
}

export interface SkillControllerOptions {
  readonly client: KubeClient;
  /** With the index `toolServer`. */
  readonly informer: Informer<DeclaredSkill>;
  readonly toolServers: Informer<ToolServer>;
  readonly skills: DeclaredSkills;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Tells of each Skill whether maps can use it, and which of its fields is wrong where they cannot. */
export function skillController(options: SkillControllerOptions): Controller {
  const { client, informer, toolServers, skills, clock, log, metrics } = options;
  const api = client.resource(declaredSkills);
  const reconcile: Reconcile = async (request, signal) => {
    const skill = informer.store.get(request);
    if (skill === undefined) return {};
    const { namespace, generation } = skill.metadata;
    const server = toolServers.store.get({ namespace, name: skill.spec.toolServerRef.name });
    const readiness = readinessOf(skill, skills, server);
    const conditions = setReadiness(skill.status?.conditions, readiness, generation, clock.now());
    const status = { observedGeneration: generation, conditions };
    if (canonicalJson(status) !== canonicalJson(skill.status ?? null))
      await api.replaceStatus({ ...skill, status }, signal);
    return {};
  };
  const controller = new Controller({ name: 'skill', reconcile, clock, workers: 2, log, metrics });
  informer.onChange(({ object }) => controller.queue.add(requestFor(object)));
  toolServers.onChange(({ object }) => {
    for (const skill of informer.store.byIndex('toolServer', keyOf(object))) controller.queue.add(requestFor(skill));
  });
  return controller;
}

function readinessOf(skill: DeclaredSkill, skills: DeclaredSkills, server: ToolServer | undefined): Readiness {
  const compiled = skills.of(skill);
  if ('problem' in compiled) return { state: 'Stalled', reason: 'Invalid', message: compiled.problem };
  const unserved = toolFault(skill, server);
  if (unserved !== undefined) {
    const { reason, field, message } = unserved;
    return { state: 'Stalled', reason, message: `${field}: ${message}` };
  }
  return { state: 'Ready', reason: 'Usable', message: `nodes of this namespace's maps can name it` };
}

/** Why the tool that a skill asks cannot be called. */
export function toolFault(
  { spec: { tool, toolServerRef } }: DeclaredSkill,
  server: ToolServer | undefined,
): (FieldFault & { readonly reason: 'NoToolServer' | 'ToolNotListed' }) | undefined {
  if (server === undefined) {
    const message = `there is no ToolServer ${toolServerRef.name} in this namespace`;
    return { reason: 'NoToolServer', field: 'spec.toolServerRef', message };
  }
  if (server.spec.tools.read?.includes(tool) === true) return undefined;
  const message = `ToolServer ${toolServerRef.name} does not list ${tool} in spec.tools.read`;
  return { reason: 'ToolNotListed', field: 'spec.tool', message };
}
