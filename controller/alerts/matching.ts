import type { ServiceTopology } from '../api/kinds.ts';
import type { Indexer, Reader } from '../kube/store.ts';
import type { Alert } from './webhook.ts';

/** The index of maps by one of the labels that their alerts carry. */
export const byAlertLabel = 'alertLabel';

/** A map's first label; whatever matches the map carries it. None for a map that matches nothing. */
export const alertLabelKeys: Indexer<ServiceTopology> = ({ spec: { alerts } }) => {
  const [first] = Object.entries(alerts?.matchLabels ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return first === undefined ? [] : [labelKey(first)];
};

function labelKey(label: readonly [string, string]): string {
  return JSON.stringify(label);
}

/** The maps all of whose labels the alert carries; needs the index. */
export function matchesOf(
  { labels }: Pick<Alert, 'labels'>,
  maps: Reader<ServiceTopology>,
): readonly ServiceTopology[] {
  const found = Object.entries(labels).flatMap((label) => maps.byIndex(byAlertLabel, labelKey(label)));
  return found.filter(({ spec, metadata }) => {
    const wanted = Object.entries(spec.alerts?.matchLabels ?? {});
    return (
      metadata.deletionTimestamp === undefined &&
      wanted.every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value)
    );
  });
}
