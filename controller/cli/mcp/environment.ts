import type { Settings } from '../../config/config.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a system's users have in their environment already. */
export interface SystemEnvironment {
  /** The variables that are read, for `--help`. */
  readonly variables: string;
  readonly settings: (env: Env) => Settings;
  readonly credentials: (env: Env) => Readonly<Record<string, string>>;
  /** Where the system is when no URL says otherwise. */
  readonly usualHosts: readonly string[];
}

const aws: SystemEnvironment = {
  variables:
    'AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE>; without keys AWS_PROFILE and what else the AWS SDK looks for',
  settings: (env) => ({
    ...given({ region: env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'], endpoint: env['AWS_ENDPOINT_URL'] }),
    endpoints: serviceEndpoints(env),
    defaultCredentials: true,
  }),
  credentials: (env) =>
    given({
      accessKeyId: env['AWS_ACCESS_KEY_ID'],
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'],
      sessionToken: env['AWS_SESSION_TOKEN'],
    }),
  usualHosts: ['*.amazonaws.com', '*.amazonaws.com.cn', '*.api.aws'],
};

/** AWS_ENDPOINT_URL_CLOUDWATCH_LOGS and the like, as the AWS SDKs name them, by the name of the setting. */
function serviceEndpoints(env: Env): Settings {
  const prefix = 'AWS_ENDPOINT_URL_';
  const named = Object.entries(env).filter(([name]) => name.startsWith(prefix));
  const service = (name: string): string => name.slice(prefix.length).toLowerCase().replace('cloudwatch_', '');
  return given(Object.fromEntries(named.map(([name, url]) => [service(name), url])));
}

const github: SystemEnvironment = {
  variables: 'GITHUB_TOKEN (or GITHUB_PERSONAL_ACCESS_TOKEN), GITHUB_HOST of an Enterprise server, or GITHUB_API_URL',
  settings: (env) => given({ baseUrl: env['GITHUB_API_URL'] ?? enterpriseApi(env['GITHUB_HOST']) }),
  credentials: (env) => given({ token: env['GITHUB_TOKEN'] ?? env['GITHUB_PERSONAL_ACCESS_TOKEN'] }),
  usualHosts: ['api.github.com', 'github.com'],
};

function enterpriseApi(host: string | undefined): string | undefined {
  if (host === undefined || host === '') return undefined;
  return `${/^https?:\/\//.test(host) ? host : `https://${host}`}/api/v3`;
}

const postgres: SystemEnvironment = {
  variables: 'DATABASE_URL, or PGHOST, PGPORT, PGDATABASE; PGUSER, PGPASSWORD, PGSSLMODE',
  settings: (env) => given({ sslMode: env['PGSSLMODE'] }),
  credentials: (env) =>
    given({ url: env['DATABASE_URL'] ?? databaseUrl(env), username: env['PGUSER'], password: env['PGPASSWORD'] }),
  usualHosts: [],
};

function databaseUrl({ PGHOST: host, PGPORT: port, PGDATABASE: database, PGUSER: user }: Env): string | undefined {
  if (host === undefined || host.startsWith('/')) return undefined;
  return `postgresql://${authority(host, port ?? '5432')}/${encodeURIComponent(database ?? user ?? '')}`;
}

const redis: SystemEnvironment = {
  variables: 'REDIS_URL, or REDIS_HOST, REDIS_PORT, REDIS_SSL; REDIS_USERNAME, REDIS_PASSWORD (or REDIS_PWD)',
  settings: () => ({}),
  credentials: (env) =>
    given({
      url: env['REDIS_URL'] ?? redisUrl(env),
      username: env['REDIS_USERNAME'],
      password: env['REDIS_PASSWORD'] ?? env['REDIS_PWD'],
    }),
  usualHosts: [],
};

function redisUrl({ REDIS_HOST: host, REDIS_PORT: port, REDIS_SSL: tls }: Env): string | undefined {
  if (host === undefined) return undefined;
  return `redis${/^true$/i.test(tls ?? '') ? 's' : ''}://${authority(host, port ?? '6379')}`;
}

function authority(host: string, port: string): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const kubernetes: SystemEnvironment = {
  variables:
    'KUBERNETES_API_URL, KUBERNETES_TOKEN, KUBERNETES_CA_FILE; several clusters are named in a configuration file',
  settings({ KUBERNETES_API_URL: server, KUBERNETES_CA_FILE: caFile }) {
    return server === undefined ? {} : { clusters: { default: given({ server, caFile }) } };
  },
  credentials: (env) => given({ token: env['KUBERNETES_TOKEN'] }),
  usualHosts: [],
};

const prometheus: SystemEnvironment = {
  variables: 'PROMETHEUS_URL; PROMETHEUS_TOKEN, or PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD',
  settings: (env) => given({ url: env['PROMETHEUS_URL'] }),
  credentials: (env) =>
    given({
      token: env['PROMETHEUS_TOKEN'],
      username: env['PROMETHEUS_USERNAME'],
      password: env['PROMETHEUS_PASSWORD'],
    }),
  usualHosts: [],
};

const environments: Readonly<Record<string, SystemEnvironment>> = {
  aws,
  github,
  kubernetes,
  postgres,
  prometheus,
  redis,
};

/** A system that is not known here takes its settings from the configuration and the command line. */
const bare: SystemEnvironment = { variables: '', settings: () => ({}), credentials: () => ({}), usualHosts: [] };

export function environmentOf(system: string): SystemEnvironment {
  return environments[system] ?? bare;
}

function given(fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const present = Object.entries(fields).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  return Object.fromEntries(present);
}
