import type { Peer } from '../../controller/evidence/finding.ts';
import { redacted } from './secret-like.ts';

type Labels = Readonly<Record<string, string>>;

const most = 40;

/** The field of a probe's result: each peer once, in an order of its own; absent where there is none. */
export function withPeers(peers: readonly Peer[]): { readonly peers?: readonly Peer[] } {
  const key = ({ name, port = 0, role }: Peer): string => `${role} ${name}:${port}`;
  const distinct = new Map(peers.map((peer) => [key(peer), peer] as const).toReversed());
  if (distinct.size === 0) return {};
  const sorted = [...distinct].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { peers: sorted.slice(0, most).map(([, peer]) => peer) };
}

/** Schemes of what services call, with the port that each means when none is named. */
const ports: Readonly<Record<string, number | undefined>> = {
  http: undefined,
  https: undefined,
  ws: undefined,
  wss: undefined,
  grpc: undefined,
  grpcs: undefined,
  tcp: undefined,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mongodb: 27_017,
  redis: 6379,
  rediss: 6379,
  amqp: 5672,
  amqps: 5671,
  nats: 4222,
  kafka: 9092,
};

/** Variables that name a host by themselves. */
/** Of variables that say whom a program talks to. */
export const hostNames = /(^|_)(HOST|HOSTNAME|ADDR|ADDRESS|ENDPOINT|SERVERS?|BROKERS?|UR[LI])$/;
/** Those that say where the service itself is, or who may ask it. */
const ownNames =
  /^(HOST(NAME)?|BIND.*|LISTEN.*|PUBLIC_.*|BASE_UR[LI]|SELF_.*|APP_UR[LI]|SITE_UR[LI]|ROOT_UR[LI]|SERVER_(NAME|HOST|ADDR(ESS)?)|.*ORIGINS?|ALLOWED_.*|.*CALLBACK.*|.*REDIRECT.*|(HTTPS?|NO|ALL)_PROXY|POD_.*|NODE_.*)$/i;
/** Those of telemetry, and of the platform underneath. */
const platformNames =
  /^(OTEL|DD|DATADOG|SENTRY|NEW_RELIC|STATSD|JAEGER|ZIPKIN|ELASTIC_APM|HONEYCOMB|PROMETHEUS|GRAFANA|LOKI|METRICS|TRACING|AWS|ECS|KUBERNETES|NPM|PIP)_|_OTLP_|TELEMETRY|SENTRY_DSN/;

/** Hosts that the variables of a service's processes name. Of a value nothing but the host and its port is kept. */
export function configuredPeers(...environments: readonly Labels[]): readonly Peer[] {
  return environments.flatMap((environment) =>
    Object.entries(environment).flatMap(([name, value]) =>
      ownNames.test(name) || platformNames.test(name) || value === redacted ? [] : peersIn(name, value),
    ),
  );
}

function peersIn(name: string, value: string): readonly Peer[] {
  const said = (host: Host): Peer => ({ ...host, role: 'Called', by: 'Configuration', source: name.slice(0, 100) });
  const hosts = value.split(',').flatMap((part) => urlHost(part.trim()) ?? []);
  if (hosts.length > 0) return hosts.map(said);
  if (!hostNames.test(name)) return [];
  return value
    .split(',')
    .flatMap((part) => bareHost(part.trim()) ?? [])
    .map(said);
}

interface Host {
  readonly name: string;
  readonly port?: number;
}

/** The host of a URL of what services call. */
export function urlHost(text: string): Host | undefined {
  const url = /^[a-z][a-z0-9+]*:\/\//i.test(text) ? URL.parse(text) : null;
  const scheme = url?.protocol.slice(0, -1).split('+')[0] ?? '';
  if (url === null || url.hostname === '' || !Object.hasOwn(ports, scheme)) return undefined;
  return hostOf(url.hostname, url.port === '' ? ports[scheme] : Number(url.port));
}

/** `postgres.internal:5432` */
export function bareHost(text: string): Host | undefined {
  const [, name = '', port] = /^([a-z0-9](?:[a-z0-9_.-]*[a-z0-9])?)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  return name === '' ? undefined : hostOf(name, port === undefined ? undefined : Number(port));
}

function hostOf(name: string, port: number | undefined): Host | undefined {
  const host = name.toLowerCase().replace(/\.$/, '');
  // A placeholder, or what is no name of a host.
  if (!/[a-z]/.test(host) || !/^[a-z0-9._-]+$/.test(host) || host.length > 253) return undefined;
  return { name: host, ...(port === undefined ? {} : { port }) };
}

/** Names that programs give themselves and not their service: tools of people, drivers, exporters, replicas, ourselves. */
const anonymous =
  /^(psql|pg[_a-z]*|postgres.*|dbeaver.*|datagrip.*|navicat.*|metabase.*|walreceiver|.*exporter.*|.*jdbc.*|.*driver.*|node-(postgres|redis)|ioredis|redis-(cli|py|rb)|lettuce|jedis|psycopg.*|npgsql|hikari.*|sentinel.*|replica.*|threehops.*|unknown.*|default|app|main)$/i;

/** Clients of a store by the names that they give themselves. */
export function clientPeers(names: readonly string[], source: string): readonly Peer[] {
  return names
    .map((name) => name.trim())
    .filter((name) => /^[a-z][\w.-]{2,62}$/i.test(name) && !anonymous.test(name))
    .map((name): Peer => ({ name, role: 'Caller', by: 'Connections', source }));
}

const calledLabels = [
  'destination_service',
  'destination_service_name',
  'destination_workload',
  'peer_service',
  'server_address',
  'upstream',
  'upstream_host',
];
const callerLabels = ['source_workload', 'source_service', 'source_app', 'client_service'];

/** Who talks to whom by the labels of a mesh or of instrumented clients, as far as a node's own queries answer them. */
export function trafficPeers(series: readonly Labels[]): readonly Peer[] {
  const named = (labels: Labels, label: string, role: Peer['role']): readonly Peer[] => {
    const host = bareHost(labels[label] ?? '');
    return host === undefined || host.name === 'unknown' ? [] : [{ ...host, role, by: 'Traffic', source: label }];
  };
  return series.flatMap((labels) => [
    ...calledLabels.flatMap((label) => named(labels, label, 'Called')),
    ...callerLabels.flatMap((label) => named(labels, label, 'Caller')),
  ]);
}
