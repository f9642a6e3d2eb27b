import type { DebugSession, DeclaredSkill, ServiceTopology } from '../../api/kinds.ts';
import { toolFault } from '../../extensions/skill-controller.ts';
import { doubtful, type MapFault, placedNodes, wrong } from '../../topology/faults/fault.ts';
import { mapFaults } from '../../topology/faults/map-faults.ts';
import { pointerTo } from './fields.ts';
import { type Declared, objectOf } from './objects.ts';
import type { World } from './world.ts';

/** What is wrong with an object whose shape holds, beside all the others. */
export function faultsOf(object: Declared, world: World): readonly MapFault[] {
  switch (object.kind) {
    case 'ServiceTopology': {
      const topology = objectOf<ServiceTopology>(object);
      return [...mapFaults(topology, world), ...standInFaults(topology, world)];
    }
    case 'DebugSession':
      return sessionFaults(objectOf(object), world);
    case 'Skill':
      return skillFaults(objectOf(object), world);
    case 'Approval':
    case 'Evidence':
      return [doubtful('/kind', `${object.kind} is written by the operator alone; it has no place in a repository`)];
    default:
      return [];
  }
}

function standInFaults({ metadata, spec }: ServiceTopology, world: World): readonly MapFault[] {
  return (spec.toolServers ?? []).flatMap(({ toolServerRef: { name } }, index) =>
    world.toolServer(metadata.namespace, name) === undefined
      ? [
          doubtful(
            `/spec/toolServers/${index}/toolServerRef`,
            `ToolServer ${metadata.namespace}/${name} is not among these`,
          ),
        ]
      : [],
  );
}

function sessionFaults({ metadata, spec }: DebugSession, world: World): readonly MapFault[] {
  const { name } = spec.topologyRef;
  const topology = world.topology(metadata.namespace, name);
  if (topology === undefined) {
    return [
      doubtful('/spec/topologyRef', `ServiceTopology ${metadata.namespace}/${name} is not among these`),
      ...requester(spec),
    ];
  }
  const node = spec.symptom?.node;
  const known = placedNodes(topology).some(([, { name: one }]) => one === node) || node === topology.spec.service;
  return [
    ...(node === undefined || known ? [] : [wrong('/spec/symptom/node', `${node} is no node of the map ${name}`)]),
    ...(spec.mode === 'Fix' && (topology.spec.policy?.actions ?? []).length === 0
      ? [doubtful('/spec/mode', `is Fix, and the map ${name} allows no action (policy.actions)`)]
      : []),
    ...requester(spec),
  ];
}

function requester({ createdBy }: DebugSession['spec']): readonly MapFault[] {
  if (createdBy !== undefined) return [];
  return [doubtful('/spec/createdBy', 'is missing: admission refuses the session unless it fills in who applies it')];
}

function skillFaults(skill: DeclaredSkill, world: World): readonly MapFault[] {
  const compiled = world.skills.of(skill);
  const { namespace } = skill.metadata;
  const server = world.toolServer(namespace, skill.spec.toolServerRef.name);
  const unserved = toolFault(skill, server);
  // A server may well be somewhere else; that it does not list a tool is known.
  const severity = server === undefined ? doubtful : wrong;
  return [
    ...('problem' in compiled ? brokenFaults(skill, compiled) : []),
    ...(unserved === undefined ? [] : [severity(pointerTo(skill, unserved.field), unserved.message)]),
  ];
}

function brokenFaults(
  skill: DeclaredSkill,
  { problem, faults = [] }: Extract<ReturnType<World['skills']['of']>, { readonly problem: string }>,
): readonly MapFault[] {
  if (faults.length === 0) return [wrong('/metadata/name', problem.replace(/^metadata\.name: /, ''))];
  return faults.map(({ field, message }) => wrong(pointerTo(skill, field), message));
}
