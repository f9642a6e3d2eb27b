import type { ServiceTopology } from '../../../controller/api/kinds.ts';
import type { Draft } from '../../../controller/kube/object.ts';

/** A service, and which outage its alerts belong to. */
export interface Service {
  readonly name: string;
  readonly namespace: string;
  readonly neighbourhood: number;
  readonly refersTo: readonly string[];
}

export const namespaces: readonly string[] = ['storm-a', 'storm-b', 'storm-c', 'storm-d', 'storm-e'];
/** Services to a neighbourhood. */
const size = 4;

/** Who refers to whom, by the place in the neighbourhood: a chain, a star outwards, one inwards, a circle. */
const shapes: readonly (readonly (readonly number[])[])[] = [
  [[1], [2], [3], []],
  [[1, 2, 3], [], [], []],
  [[], [0], [0], [0]],
  [[1], [2], [3], [0]],
];

/** Neighbourhoods of four services each; nothing refers from one to another. */
export function fleetOf(neighbourhoods: number): readonly Service[] {
  return Array.from({ length: neighbourhoods }, (_, neighbourhood) => neighbourhoodOf(neighbourhood)).flat();
}

function neighbourhoodOf(neighbourhood: number): readonly Service[] {
  const namespace = namespaces[neighbourhood % namespaces.length] ?? 'storm-a';
  const shape = shapes[neighbourhood % shapes.length] ?? [];
  const nameOf = (place: number): string => `svc-${neighbourhood}-${place}`;
  return Array.from({ length: size }, (_, place) => ({
    name: nameOf(place),
    namespace,
    neighbourhood,
    refersTo: (shape[place] ?? []).map(nameOf),
  }));
}

/** @param site where each service has a page of its own */
export function mapOf({ name, namespace, refersTo }: Service, site: string): Draft<ServiceTopology> {
  const page = { url: `${site}/${name}`, samples: 2, intervalMs: 50, timeoutMs: 1000 };
  const spec = {
    service: name,
    self: [{ name: 'page', type: 'http', skill: 'http-health', with: page }],
    downstream: refersTo.map((other) => ({
      name: other,
      type: 'http',
      skill: 'http-health',
      with: { ...page, url: `${site}/${other}` },
      topologyRef: { name: other },
    })),
    verify: { stabilizationSeconds: 1 },
    alerts: { matchLabels: { service: name, namespace }, mode: 'Diagnose' },
  };
  // The API server fills the defaults in.
  return { metadata: { name, namespace }, spec: spec as unknown as ServiceTopology['spec'] };
}
