import type { Metrics } from './read.ts';

/** What cases share is changed once, and they share what it became. */
export function shared(change: (metrics: Metrics) => Metrics): (metrics: Metrics) => Metrics {
  const done = new Map<Metrics, Metrics>();
  return (metrics) => {
    const other = done.get(metrics) ?? change(metrics);
    done.set(metrics, other);
    return other;
  };
}
