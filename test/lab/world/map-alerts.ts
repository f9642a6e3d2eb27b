import type { ServiceTopologySpec } from '../../../controller/api/generated/service-topology.ts';

type Alerts = NonNullable<ServiceTopologySpec['alerts']>;

/** What an alert opens. */
export type AlertOrders = Pick<Alerts, 'mode' | 'reasoner'>;

/** A plan at most, as a map has it that says nothing of it. */
const usual: AlertOrders = { mode: 'Propose', reasoner: 'Causal' };

/** A service's alerts on its map, in seconds where production takes minutes. */
export function alertsOf(service: string, orders: AlertOrders = usual): Alerts {
  return { matchLabels: { service }, windowSeconds: 120, decaySeconds: 120, ...orders };
}
