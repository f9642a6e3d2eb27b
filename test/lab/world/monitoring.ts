import type { TopologyNode } from '../../../controller/api/kinds.ts';
import { present } from '../../../skills/lib/reading.ts';
import { startAlertmanager, type Alertmanager } from '../parts/alertmanager.ts';
import type { PartOptions } from '../parts/part.ts';
import { startPrometheus, type AlertRule, type Prometheus } from '../parts/prometheus.ts';
import { alertRules } from './alert-rules.ts';
import type { ServiceRole, WorldNames } from './names.ts';
import { startPage, type Page } from './page.ts';
import type { LabPart } from './parts.ts';

/** What the services say of themselves, kept and watched by a Prometheus. */
export interface Monitoring {
  readonly prometheus: Prometheus;
  /** Alerts of another Prometheus, as this one federates them: their series in the text format. */
  readonly federated: Page;
  /** Of the part `alertmanager`: nobody has told it whom to tell. */
  readonly alertmanager?: Alertmanager;
}

export interface MonitoringOptions {
  readonly parts: ReadonlySet<LabPart>;
  /** For a program of this name. */
  readonly part: (name: string) => PartOptions;
}

/** More than these a service that keeps up never answers at a time. */
const mostInProgress = 6;

export async function startMonitoring(
  names: WorldNames,
  urls: ReadonlyMap<ServiceRole, string>,
  { parts, part }: MonitoringOptions,
): Promise<Monitoring> {
  const roles = [...urls.keys()];
  const alertmanager = parts.has('alertmanager')
    ? await startAlertmanager({ ...part('alertmanager'), groupBy: ['service'] })
    : undefined;
  const server = part('prometheus');
  const federated = await startPage(server.signal, { body: '' });
  const services = [...urls].map(([role, url]) => ({ job: names[role], url }));
  const called = alertmanager === undefined ? {} : { alertmanager: alertmanager.url };
  const prometheus = await startPrometheus({
    ...server,
    ...called,
    scrapes: [...services, { job: 'platform', url: federated.url, path: '/federate' }],
    rules: [
      ...roles.map((role) => overloaded(names[role])),
      ...(alertmanager === undefined ? [] : alertRules(names, roles)),
    ],
  });
  return { prometheus, federated, ...present({ alertmanager }) };
}

function overloaded(service: string): AlertRule {
  const expr = `http_requests_in_progress{job="${service}"} > ${mostInProgress}`;
  return { alert: 'RequestsPileUp', expr, for: '5s', labels: { service, severity: 'warning' } };
}

/** How a service's team watches it by its own numbers. */
export function monitoringNode({ prometheus }: Monitoring, names: WorldNames, role: ServiceRole): TopologyNode {
  const job = names[role];
  return {
    name: names.nodes.metrics,
    type: 'metrics',
    skill: 'prometheus',
    with: {
      url: prometheus.url,
      stepSeconds: 1,
      windowSeconds: 120,
      queries: [
        {
          name: 'requests in progress',
          query: `http_requests_in_progress{job="${job}"}`,
          threshold: mostInProgress,
          aspect: 'Saturation',
          unit: 'requests',
        },
        ...outcomes[role].map(({ name, counter }) => ({
          name,
          query: `rate(${counter}{job="${job}"}[5s])`,
          threshold: 1,
          worse: 'Down',
          aspect: 'Traffic',
          unit: '1/s',
        })),
      ],
      alerts: { matchLabels: { service: job } },
      targets: { matchLabels: { job } },
    },
  };
}

/** What a service is there for, where its requests do not tell. */
const outcomes: Readonly<Record<ServiceRole, readonly { readonly name: string; readonly counter: string }[]>> = {
  frontend: [],
  gateway: [],
  payments: [],
  settlement: [{ name: 'payments settled', counter: 'payments_settled_total' }],
  notification: [{ name: 'notifications sent', counter: 'notifications_sent_total' }],
};
