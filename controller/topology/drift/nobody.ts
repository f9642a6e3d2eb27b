import type { Peer } from '../../evidence/finding.ts';

/** Hosts that are on no map because they are no dependency of a service: its own, its node's, the cluster's. */
const own =
  /(^|\.)(localhost|local|localdomain|internal\.metadata|metadata|instance-data)$|^(host\.docker\.internal|metadata\.google\.internal|kubernetes(\.default.*)?)$/;

/** What a service tells of itself to. */
const telemetry =
  /(^|[.-])(otel|otlp|opentelemetry|collector|jaeger|zipkin|tempo|loki|grafana|prometheus|pushgateway|alertmanager|statsd|fluentd|fluent-bit|logstash|datadoghq|datadog|newrelic|nr-data|sentry|honeycomb|splunk|dynatrace|telemetry|xray|monitoring|logs)([.-]|$)/;

/** Where code and packages come from, and what error messages link to. */
const sources =
  /(^|\.)(github\.com|githubusercontent\.com|gitlab\.com|bitbucket\.org|docker\.(io|com)|ghcr\.io|quay\.io|gcr\.io|pkg\.dev|azurecr\.io|npmjs\.(org|com)|yarnpkg\.com|pypi\.org|pythonhosted\.org|golang\.org|maven\.org|apache\.org|rubygems\.org|crates\.io|nuget\.org|debian\.org|ubuntu\.com|alpinelinux\.org|nodejs\.org|reactjs\.org|mozilla\.org|w3\.org|wikipedia\.org|stackoverflow\.com)$|(^|[.-])(registry|artifactory|nexus|docs)([.-]|$)|\.dkr\.ecr\./;

/** A cloud's own endpoints: which of its resources is meant, the host does not say. What has a host of its own is a dependency. */
const cloud = /(^|\.)(amazonaws\.com(\.cn)?|api\.aws|googleapis\.com|azure\.com|windows\.net)$/;
const resources =
  /\.(rds|cache|elb|docdb|redshift|es|memorydb|kafka|mq|neptune)\.(.*\.)?amazonaws\.com(\.cn)?$|\.(database|redis\.cache|servicebus)\.windows\.net$/;

/** Nothing that a map would list. An address says not whose it is, and changes. */
export function isNobody({ name }: Peer): boolean {
  if (/^[\d.:]+$/.test(name) || !/[a-z]/i.test(name)) return true;
  if (own.test(name) || telemetry.test(name) || sources.test(name)) return true;
  return cloud.test(name) && !resources.test(name);
}
