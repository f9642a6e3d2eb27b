import { catalogueOf } from '../../actions/catalogue.ts';
import type { DeclaredSkill, ServiceTopology, ToolServer } from '../../api/kinds.ts';
import { DeclaredSkills } from '../../extensions/declared-skills.ts';
import type { Known } from '../../topology/faults/fault.ts';
import { referencedKeys } from '../../topology/topology-controller.ts';
import { servers, skills } from '../../../skills/catalogue.ts';
import { type Declared, objectOf } from './objects.ts';

/** All that was declared beside an object, as the operator's caches would have it. */
export interface World extends Known {
  readonly skills: DeclaredSkills;
  toolServer(namespace: string, name: string): ToolServer | undefined;
  topology(namespace: string, name: string): ServiceTopology | undefined;
}

export function worldOf(objects: readonly Declared[]): World {
  const readable = objects.filter(({ readable: read }) => read);
  const byKind = Map.groupBy(readable, ({ kind }) => kind);
  const topologies = keyed<ServiceTopology>(byKind.get('ServiceTopology'));
  const toolServers = keyed<ToolServer>(byKind.get('ToolServer'));
  const resources = keyed<DeclaredSkill>(byKind.get('Skill'));
  const actions = catalogueOf(skills);
  const topology: World['topology'] = (namespace, name) => topologies.get(`${namespace}/${name}`);
  return {
    topology,
    source: {
      get: topology,
      referrers: (namespace, name) =>
        [...topologies.values()].filter((one) => referencedKeys(one).includes(`${namespace}/${name}`)),
    },
    skills: new DeclaredSkills({
      own: new Map(skills.map((skill) => [skill.id, skill])),
      actions,
      resources: { get: ({ namespace, name }) => resources.get(`${namespace}/${name}`) },
    }),
    skillIds: new Set([...skills.map(({ id }) => id), ...[...resources.values()].map(({ metadata }) => metadata.name)]),
    actions,
    servers: new Set(servers.map(({ id }) => id)),
    toolServer: (namespace, name) => toolServers.get(`${namespace}/${name}`),
  };
}

function keyed<T>(objects: readonly Declared[] = []): ReadonlyMap<string, T> {
  return new Map(objects.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, objectOf<T>(one)]));
}
