import type { DataSet } from './read.ts';
import { shared } from './shared.ts';

/** Everything is called otherwise, but for the kind that a name ends in. */
export function renamed({ calls, cases }: DataSet, next: () => number): DataSet {
  const names = new Map<string, string>();
  const nameOf = (node: string): string => {
    const known = names.get(node) ?? `n${Math.floor(next() * 1e9)}${kindOf(node)}`;
    names.set(node, known);
    return known;
  };
  const keyed = <V>(map: ReadonlyMap<string, V>): ReadonlyMap<string, V> =>
    new Map([...map].map(([node, value]) => [nameOf(node), value]));
  const normalOf = shared(keyed);
  return {
    calls: new Map([...calls].map(([from, to]) => [nameOf(from), to.map(nameOf)])),
    cases: cases.map(({ name, normal, metrics, target, rootCause }) => ({
      name,
      normal: normalOf(normal),
      metrics: keyed(metrics),
      target: { ...target, node: nameOf(target.node) },
      rootCause: nameOf(rootCause),
    })),
  };
}

/** From the last underscore on: `_client`, `_AWS::Lambda::Function`; empty where a name has none. */
function kindOf(node: string): string {
  return /_[^_]*$/.exec(node)?.[0] ?? '';
}
