import type { TopologyNode } from '../../../controller/api/kinds.ts';
import type { TopologyObject } from './topologies.ts';

/** A map as it would be if there were no such skill: none of its nodes, none of its actions, and no load without load-test. */
export function mapWithoutSkill(map: TopologyObject, skill: string): TopologyObject {
  const { self = [], upstream = [], downstream = [], policy, tests, ...rest } = map.spec;
  const others = (nodes: readonly TopologyNode[]): TopologyNode[] => nodes.filter((node) => node.skill !== skill);
  const isOthers = (action: string): boolean => !action.startsWith(`${skill}.`);
  return {
    ...map,
    spec: {
      ...rest,
      self: others(self),
      upstream: others(upstream),
      downstream: others(downstream),
      ...(policy === undefined ? {} : { policy: { ...policy, actions: (policy.actions ?? []).filter(isOthers) } }),
      ...(tests === undefined || skill === 'load-test' ? {} : { tests }),
    },
  };
}
