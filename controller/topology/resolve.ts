import type { ServiceTopology, TopologyNode } from '../api/kinds.ts';
import type { GraphEdge, GraphNode, Role } from '../evidence/bundle.ts';
import type { Gap } from '../evidence/finding.ts';
import type { Skill } from '../../skills/skill.ts';
import { checkParameters, type Parameters } from './parameters.ts';
import { collectTopologies, entriesOf, referenceOf } from './references.ts';
import {
  keyOf,
  type ProbeTarget,
  type ResolvedGraph,
  type SkillSource,
  type TopologyKey,
  type TopologySource,
} from './resolved.ts';

/** A graph is cut here, and says so. */
export const MAX_NODES = 300;

/** Types through which work is handed over: their consumer is a service whose own map lists them upstream. */
const queues: ReadonlySet<string> = new Set(['queue', 'topic', 'stream']);
const stores: ReadonlySet<string> = new Set(['db', 'database', 'cache', 'storage', 'search']);

interface Draft {
  readonly nodes: Map<string, GraphNode>;
  readonly byIdentity: Map<string, string>;
  readonly targets: Map<string, ProbeTarget>;
  readonly edges: Map<string, GraphEdge>;
  readonly services: Map<TopologyKey, string>;
  readonly gaps: Gap[];
  readonly topologies: ReadonlyMap<TopologyKey, ServiceTopology>;
  readonly skills: SkillSource;
}

/**
 * Joins the session's map with those it refers to and those that refer to it into one graph. Nodes of two maps with the
 * same identity are one. What cannot be resolved is a gap; nothing here throws for a bad declaration.
 */
export function resolveGraph(root: ServiceTopology, source: TopologySource, skills: SkillSource): ResolvedGraph {
  const { topologies, gaps } = collectTopologies(root, source);
  const draft: Draft = {
    nodes: new Map(),
    byIdentity: new Map(),
    targets: new Map(),
    edges: new Map(),
    services: new Map(),
    gaps,
    topologies,
    skills,
  };
  for (const topology of topologies.values()) addService(draft, topology);
  for (const topology of topologies.values()) {
    for (const [role, entry] of entriesOf(topology)) addEntry(draft, topology, role, entry);
  }
  return {
    graph: { nodes: [...draft.nodes.values()], edges: [...draft.edges.values()] },
    targets: [...draft.targets.values()],
    topologies,
    services: draft.services,
    gaps,
  };
}

function addService(draft: Draft, topology: ServiceTopology): void {
  const key = keyOf(topology);
  const { service } = topology.spec;
  const id = serviceId(draft, topology);
  draft.services.set(key, id);
  draft.nodes.set(id, {
    id,
    name: service,
    type: 'service',
    role: 'Service',
    topology: key,
    listedBy: [key],
    service: id,
    skill: '',
    with: {},
    identity: `service:${key}`,
  });
}

/** The service's name; where several maps are about services of one name, as much of the map's own as it takes. */
function serviceId({ nodes }: Draft, { metadata, spec }: ServiceTopology): string {
  const names = [spec.service, `${metadata.namespace}.${spec.service}`];
  return names.find((name) => !nodes.has(name)) ?? `${metadata.namespace}.${metadata.name}.${spec.service}`;
}

function addEntry(draft: Draft, topology: ServiceTopology, role: Exclude<Role, 'Service'>, entry: TopologyNode): void {
  const { node, skill, problem } = declared(draft, topology, role, entry);
  if (problem !== undefined) draft.gaps.push({ node: node.id, what: `the skill ${entry.skill}`, reason: problem });
  const merged = merge(draft, node);
  if (merged === undefined) return;
  if (skill !== undefined && problem === undefined && merged === node.id) {
    const { id, name, type, identity } = node;
    draft.targets.set(id, { node: id, name, type, skill, with: node.with, identity, topology });
  }
  connect(draft, topology, role, entry, { service: node.service, node: merged });
}

interface Declared {
  readonly node: GraphNode;
  readonly skill: Skill | undefined;
  /** Why the node cannot be probed. */
  readonly problem: string | undefined;
}

function declared(
  draft: Draft,
  topology: ServiceTopology,
  role: Exclude<Role, 'Service'>,
  entry: TopologyNode,
): Declared {
  const key = keyOf(topology);
  const service = draft.services.get(key) ?? topology.spec.service;
  const { skill, problem } = skillOf(draft.skills, topology, entry);
  const checked: Parameters | undefined = skill === undefined ? undefined : checkParameters(skill, entry.with);
  const parameters = checked?.ok === true ? checked.with : undefined;
  const identity = parameters === undefined ? undefined : skill?.identity(parameters);
  const node: GraphNode = {
    id: `${service}/${entry.name}`,
    name: entry.name,
    type: entry.type,
    role,
    topology: key,
    listedBy: [key],
    service,
    skill: entry.skill,
    with: parameters ?? {},
    identity: identity ?? `${key}/${entry.name}`,
    ...declaredRemedies(skill),
  };
  return { node, skill, problem: checked?.ok === false ? checked.problem : problem };
}

/** The skill of a map's node, or why there is none to use. */
export function skillOf(
  skills: SkillSource,
  { metadata }: ServiceTopology,
  { skill: id }: TopologyNode,
): Pick<Declared, 'skill' | 'problem'> {
  const known = skills.get(id, metadata.namespace);
  if (known === undefined) return { skill: undefined, problem: `unknown skill ${id}` };
  return 'problem' in known ? { skill: undefined, problem: known.problem } : { skill: known, problem: undefined };
}

function declaredRemedies(skill: Skill | undefined): Pick<GraphNode, 'remedies'> {
  return skill?.declaredRemedies === undefined ? {} : { remedies: skill.declaredRemedies };
}

/** The id under which the node is in the graph: its own, or that of the same thing in another map; undefined when the graph is full. */
function merge(draft: Draft, node: GraphNode): string | undefined {
  const known = draft.byIdentity.get(`${node.skill} ${node.identity}`);
  const existing = known === undefined ? undefined : draft.nodes.get(known);
  if (existing !== undefined) {
    draft.nodes.set(existing.id, { ...existing, listedBy: [...new Set([...existing.listedBy, ...node.listedBy])] });
    return existing.id;
  }
  if (draft.nodes.has(node.id)) {
    draft.gaps.push({ node: node.id, what: 'this node', reason: 'its name is used twice in the map' });
    return undefined;
  }
  if (draft.nodes.size >= MAX_NODES) {
    draft.gaps.push({ node: node.id, what: 'this node', reason: `the graph is cut at ${MAX_NODES} nodes` });
    return undefined;
  }
  draft.nodes.set(node.id, node);
  draft.byIdentity.set(`${node.skill} ${node.identity}`, node.id);
  return node.id;
}

function connect(
  draft: Draft,
  topology: ServiceTopology,
  role: Exclude<Role, 'Service'>,
  entry: TopologyNode,
  ids: { readonly service: string; readonly node: string },
): void {
  const { service, node } = ids;
  const queue = queues.has(entry.type);
  if (role === 'Self') edge(draft, service, node, 'ConsistsOf');
  else if (role === 'Downstream')
    edge(draft, service, node, queue ? 'Feeds' : stores.has(entry.type) ? 'StoresIn' : 'Calls');
  else edge(draft, node, service, queue ? 'ConsumedBy' : 'Calls');
  const reference = referenceOf(topology, entry);
  const other = reference === undefined ? undefined : draft.services.get(`${reference.namespace}/${reference.name}`);
  if (other === undefined || other === service) return;
  if (!queue) {
    edge(draft, node, other, 'SeenThrough');
    if (role === 'Upstream') edge(draft, other, service, 'Calls');
  } else if (role === 'Downstream') edge(draft, node, other, 'ConsumedBy');
  else edge(draft, other, node, 'Feeds');
}

function edge(draft: Draft, from: string, to: string, kind: GraphEdge['kind']): void {
  if (from !== to) draft.edges.set(`${from} ${to}`, { from, to, kind });
}
