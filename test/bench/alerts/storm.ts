import { createHash } from 'node:crypto';
import type { Service } from './fleet.ts';

/** An alert of the storm, in milliseconds from its begin. */
export interface StormAlert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Undefined for one that is about no map. */
  readonly neighbourhood: number | undefined;
  readonly atMs: number;
  /** When it resolves; undefined for one that fires to the end. */
  readonly resolvedMs: number | undefined;
  /** Keys of Alertmanager's groups that it is in. */
  readonly groups: readonly string[];
}

const names = [
  'HighErrors',
  'HighLatency',
  'TargetDown',
  'QueueGrows',
  'PodRestarts',
  'DiskFills',
  'NoTraffic',
  'Saturated',
];
const clusters = ['eu-1', 'eu-2', 'us-1', 'us-2'];
/** Of a hundred alerts. */
const unmatched = 3;
const resolving = 20;
const inTwoGroups = 10;

/** Alerts at random, the same for the same seed: each neighbourhood's outage begins at a moment of its own, and its alerts follow. */
export function stormOf(
  services: readonly Service[],
  count: number,
  seconds: number,
  random: () => number,
): readonly StormAlert[] {
  const neighbourhoods = new Set(services.map(({ neighbourhood }) => neighbourhood)).size;
  const begins = Array.from({ length: neighbourhoods }, () => random() * 0.4 * seconds * 1000);
  return Array.from({ length: count }, (_, index) => {
    const isNobodys = random() * 100 < unmatched;
    const service = pick(services, random);
    const begin = isNobodys ? 0 : (begins[service.neighbourhood] ?? 0);
    const atMs = begin + random() * (seconds * 1000 - begin);
    const labels = labelsOf(service, isNobodys, index, random);
    return {
      fingerprint: createHash('sha256').update(JSON.stringify(labels)).digest('hex').slice(0, 16),
      labels,
      annotations: {
        summary: `${labels['alertname']} on ${labels['pod']}`,
        description: `the value is ${(random() * 100).toFixed(3)}, and has been for some minutes`,
        runbook_url: `https://runbooks.example.com/${labels['alertname']}`,
      },
      neighbourhood: isNobodys ? undefined : service.neighbourhood,
      atMs,
      resolvedMs: random() * 100 < resolving ? atMs + (0.1 + 0.4 * random()) * seconds * 1000 : undefined,
      groups: groupsOf(labels, random),
    };
  });
}

function labelsOf(
  { name, namespace }: Service,
  isNobodys: boolean,
  index: number,
  random: () => number,
): Readonly<Record<string, string>> {
  const wrong = random() < 0.5 ? { service: `${name}-canary`, namespace } : { service: name, namespace: 'elsewhere' };
  return {
    alertname: pick(names, random),
    cluster: pick(clusters, random),
    severity: random() < 0.3 ? 'critical' : 'warning',
    ...(isNobodys ? wrong : { service: name, namespace }),
    // What makes each alert another one, and tells nothing.
    pod: `${name}-${index.toString(36)}-${Math.floor(random() * 1e6).toString(36)}`,
    instance: `10.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}.7:9090`,
    job: random() < 0.5 ? 'kubernetes-pods' : 'blackbox',
  };
}

/** Routes of one Alertmanager, which cut a storm in all ways: across services, by service, and into crumbs. */
function groupsOf(labels: Readonly<Record<string, string>>, random: () => number): readonly string[] {
  const { alertname, cluster, service, namespace } = labels;
  const across = `{}/{route="across"}:{alertname="${alertname}", cluster="${cluster}"}`;
  const byService = `{}/{route="service"}:{namespace="${namespace}", service="${service}"}`;
  const crumbs = `{}/{route="crumbs"}:{alertname="${alertname}", namespace="${namespace}", service="${service}"}`;
  const chance = random();
  const own = chance < 0.2 ? across : chance < 0.7 ? byService : crumbs;
  return random() * 100 < inTwoGroups ? [...new Set([own, byService])] : [own];
}

function pick<T>(all: readonly T[], random: () => number): T {
  const found = all[Math.floor(random() * all.length)];
  if (found === undefined) throw new RangeError('there is nothing to pick from');
  return found;
}
