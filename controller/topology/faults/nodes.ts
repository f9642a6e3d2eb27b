import type { ServiceTopology, TopologyNode } from '../../api/kinds.ts';
import type { Skill } from '../../../skills/skill.ts';
import { checkParameters, parameterFaults } from '../parameters.ts';
import { referenceOf, refusal, sharesWith } from '../references.ts';
import { skillOf } from '../resolve.ts';
import { doubtful, type Known, likely, type MapCheck, type MapFault, placedNodes, wrong } from './fault.ts';

/** What keeps the map's own nodes from being looked at: the same judgements as those of the graph's gaps. */
export const nodeFaults: MapCheck = (topology, known) => {
  const nodes = placedNodes(topology);
  if (nodes.length === 0) return [wrong('/spec', 'names no node to look at: self, upstream and downstream are empty')];
  const first = new Map(nodes.toReversed().map(([at, { name }]) => [name, at]));
  return nodes.flatMap(([at, node]) => [
    ...(first.get(node.name) === at ? [] : [wrong(`${at}/name`, `${node.name} is used twice in the map`)]),
    ...skillFaults(topology, at, node, known),
    ...referenceFaults(topology, at, node, known),
  ]);
};

function skillFaults(topology: ServiceTopology, at: string, node: TopologyNode, known: Known): readonly MapFault[] {
  const { skill, problem } = skillOf(known.skills, topology, node);
  if (skill === undefined) {
    const unknown = known.skills.get(node.skill, topology.metadata.namespace) === undefined;
    return [wrong(`${at}/skill`, `${problem ?? 'is none'}${unknown ? likely(node.skill, known.skillIds) : ''}`)];
  }
  const faults = parameterFaults(skill, node.with);
  if (faults.length > 0) return faults.map(({ pointer, message }) => wrong(`${at}/with${pointer}`, message));
  const checked = checkParameters(skill, node.with);
  if (!checked.ok) return [wrong(`${at}/with`, checked.problem)];
  const doubts = skill.doubts?.(checked.with) ?? [];
  return [
    ...doubts.map(({ field, message }) => doubtful(`${at}/with/${field}`, message)),
    ...(isSomewhere(topology, skill, checked.with)
      ? []
      : [doubtful(`${at}/with`, `says not where it is, and no credentials of skill ${skill.id} could`)]),
  ];
}

/** What `with` leaves out may stand in a Secret, or be known to a ToolServer. */
function isSomewhere({ spec }: ServiceTopology, skill: Skill, parameters: Parameters<Skill['identity']>[0]): boolean {
  if (skill.identity(parameters) !== undefined || skill.toolServer !== undefined) return true;
  const named = (spec.credentials ?? []).some(({ skill: by }) => by === skill.id || by === skill.server);
  return named || (spec.toolServers ?? []).some(({ server }) => server === skill.server);
}

/** A map that is not there may be somewhere else; one that is there and not shared is known to be wrong. */
function referenceFaults(
  topology: ServiceTopology,
  at: string,
  node: TopologyNode,
  { source }: Known,
): readonly MapFault[] {
  const reference = referenceOf(topology, node);
  if (reference === undefined) return [];
  const { namespace } = topology.metadata;
  const target = source.get(reference.namespace, reference.name);
  const problem = refusal(target, reference, namespace, namespace);
  if (problem === undefined) return [];
  if (target === undefined) {
    return [
      doubtful(`${at}/topologyRef`, `ServiceTopology ${reference.namespace}/${reference.name} is not among these`),
    ];
  }
  if (sharesWith(target, namespace)) return [wrong(`${at}/topologyRef`, problem)];
  const words = `ServiceTopology ${reference.namespace}/${reference.name} is not shared: its sharedWith lacks ${namespace}`;
  return [wrong(`${at}/topologyRef`, words)];
}
