import type { ServiceTopology, TopologyNode } from '../../controller/api/kinds.ts';
import { Store } from '../../controller/kube/store.ts';
import { alertLabelKeys, byAlertLabel } from '../../controller/alerts/matching.ts';
import { referencedKeys } from '../../controller/topology/topology-controller.ts';
import type { TopologySource } from '../../controller/topology/resolved.ts';

type Spec = ServiceTopology['spec'];

export interface MapOptions extends Partial<Omit<Spec, 'alerts'>> {
  readonly namespace?: string;
  /** `<name>` or `<namespace>/<name>` of the maps that it refers to. */
  readonly refersTo?: readonly string[];
  readonly alerts?: Partial<NonNullable<Spec['alerts']>>;
}

/** A map whose alerts carry `service=<name>`. */
export function mapNamed(name: string, options: MapOptions = {}): ServiceTopology {
  const { namespace = 'a', refersTo = [], alerts, ...spec } = options;
  const defaults = { mode: 'Propose', reasoner: 'Causal', windowSeconds: 300, decaySeconds: 600 } as const;
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'ServiceTopology',
    metadata: {
      name,
      namespace,
      uid: `${namespace}/${name}`,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: {
      service: name,
      downstream: refersTo.map(referring),
      alerts: { ...defaults, matchLabels: { service: name }, ...alerts },
      ...spec,
    },
  };
}

function referring(target: string): TopologyNode {
  const [name = '', namespace] = target.split('/').toReversed();
  const topologyRef = { name, ...(namespace === undefined ? {} : { namespace }) };
  return { name: `to-${name}`, type: 'http', skill: 'http-health', topologyRef };
}

/** The maps as the operator's cache has them. */
export function storeOf(maps: readonly ServiceTopology[]): Store<ServiceTopology> {
  const store = new Store<ServiceTopology>({ references: referencedKeys, [byAlertLabel]: alertLabelKeys });
  for (const map of maps) store.put(map);
  return store;
}

export function sourceOf(store: Store<ServiceTopology>): TopologySource {
  return {
    get: (namespace, name) => store.get({ namespace, name }),
    referrers: (namespace, name) => store.byIndex('references', `${namespace}/${name}`),
  };
}
