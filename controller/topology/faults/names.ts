import { isLowerEnvironment } from '../../config/lower-environment.ts';
import { approvalRules } from '../approval-rules.ts';
import { doubtful, likely, type MapCheck, placedNodes, wrong } from './fault.ts';

/** Names of nodes, skills, servers and actions that nothing goes by. */
export const manifestFaults: MapCheck = (topology) => {
  const names = new Set(placedNodes(topology).map(([, { name }]) => name));
  return (topology.spec.source?.manifests ?? []).flatMap(({ node }, index) =>
    names.has(node)
      ? []
      : [wrong(`/spec/source/manifests/${index}/node`, `${node} is no node of this map${likely(node, names)}`)],
  );
};

export const credentialFaults: MapCheck = (topology, { skills, servers }) => {
  const { namespace } = topology.metadata;
  return (topology.spec.credentials ?? []).flatMap(({ skill }, index) => {
    const at = `/spec/credentials/${index}/skill`;
    const known = skills.get(skill, namespace);
    if (known === undefined && !servers.has(skill))
      return [wrong(at, `${skill} is neither a skill nor a server of one`)];
    const used = placedNodes(topology).some(([, node]) => node.skill === skill || serverOf(node.skill) === skill);
    // Commits and pull requests need no node.
    const always = skill === forge || serverOf(skill) === forge;
    return used || always ? [] : [doubtful(at, `no node of this map is looked at by ${skill}`)];
  });

  function serverOf(id: string): string | undefined {
    const known = skills.get(id, namespace);
    return known !== undefined && 'server' in known ? known.server : undefined;
  }
};

const forge = 'github';

export const toolServerFaults: MapCheck = ({ spec }, { servers }) =>
  (spec.toolServers ?? []).flatMap(({ server }, index) =>
    servers.has(server)
      ? []
      : [
          wrong(
            `/spec/toolServers/${index}/server`,
            `${server} is no server that could be stood in for${likely(server, servers)}`,
          ),
        ],
  );

export const policyFaults: MapCheck = (topology, { actions, skills }) => {
  const { actions: allowed = [], approvals = [] } = topology.spec.policy ?? {};
  const nodes = placedNodes(topology).map(([, node]) => node);
  const unknown = (list: string, ids: readonly string[]) =>
    ids.flatMap((id, index) =>
      actions.has(id)
        ? []
        : [wrong(`/spec/policy/${list}/${index}`, `${id} is no action${likely(id, actions.keys())}`)],
    );
  const idle = allowed.flatMap((id, index) => {
    const skill = actions.get(id)?.skill.id;
    const usable = nodes.some(
      (node) => node.skill === skill || remedies(node.skill).some(({ action }) => action === id),
    );
    return skill === undefined || usable
      ? []
      : [doubtful(`/spec/policy/actions/${index}`, `${id} is never done: no node of this map has the skill ${skill}`)];
  });
  const unasked = approvals.flatMap((id, index) =>
    allowed.includes(id) || !actions.has(id)
      ? []
      : [doubtful(`/spec/policy/approvals/${index}`, `${id} is never asked for: it is not among policy.actions`)],
  );
  return [...unknown('actions', allowed), ...unknown('approvals', approvals), ...idle, ...unasked];

  function remedies(skill: string) {
    const known = skills.get(skill, topology.metadata.namespace);
    return known !== undefined && 'declaredRemedies' in known ? (known.declaredRemedies ?? []) : [];
  }
};

export const ruleFaults: MapCheck = (topology) =>
  approvalRules(topology).flatMap(({ when }, index) =>
    'problem' in when ? [wrong(`/spec/policy/approvalRules/${index}/when`, when.problem)] : [],
  );

export const environmentFaults: MapCheck = ({ spec: { environment } }) =>
  environment === undefined || isLowerEnvironment(environment)
    ? []
    : [wrong('/spec/environment/name', `${environment.name} is no lower environment`)];

export const alertFaults: MapCheck = ({ spec }) => {
  if (spec.alerts === undefined || Object.keys(spec.alerts.matchLabels ?? {}).length > 0) return [];
  return [doubtful('/spec/alerts/matchLabels', 'is empty and matches no alert')];
};
