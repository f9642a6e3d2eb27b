import type { SessionLimits } from './config.ts';
import { timingsSchema } from './timings.ts';

const strings = (items: object): object => ({
  type: 'array',
  maxItems: 1_000,
  uniqueItems: true,
  default: [],
  items: { type: 'string', minLength: 1, maxLength: 512, ...items },
});

const integer = (byDefault: number, minimum: number, maximum: number): object => ({
  type: 'integer',
  default: byDefault,
  minimum,
  maximum,
});

const object = (properties: object): object => ({
  type: 'object',
  additionalProperties: false,
  default: {},
  properties,
});

/** The bounds are those of `spec.limits` of a DebugSession. */
const limits = (defaults: SessionLimits, others: Readonly<Record<string, object>> = {}): object =>
  object({
    ...others,
    wallClockSeconds: integer(defaults.wallClockSeconds, 10, 604_800),
    toolCalls: integer(defaults.toolCalls, 1, 100_000),
    writes: integer(defaults.writes, 0, 1_000),
    tokens: integer(defaults.tokens, 0, 100_000_000),
    blastRadius: integer(defaults.blastRadius, 1, 300),
  });

const variable = '^[A-Za-z_][A-Za-z0-9_]*$';

const stdioServer = {
  type: 'object',
  additionalProperties: false,
  required: ['command'],
  properties: {
    command: { type: 'array', minItems: 1, maxItems: 64, items: { type: 'string', maxLength: 4096 } },
    env: {
      type: 'object',
      default: {},
      propertyNames: { pattern: variable },
      additionalProperties: { type: 'string', maxLength: 4096 },
    },
    secretEnv: strings({ pattern: variable }),
    readOnly: strings({ pattern: '^/.' }),
    network: { type: 'boolean', default: false },
    memoryMiB: integer(512, 64, 16_384),
    pids: integer(64, 8, 4_096),
  },
};

const dnsLabel = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 };

const claude = {
  type: 'object',
  additionalProperties: false,
  required: ['secretRef', 'model'],
  properties: {
    secretRef: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: { name: { type: 'string', pattern: '^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$', maxLength: 253 } },
    },
    baseUrl: { type: 'string', default: 'https://api.anthropic.com', format: 'base-url', maxLength: 512 },
    model: { type: 'string', minLength: 1, maxLength: 100 },
    maxTokens: integer(16_000, 1_000, 128_000),
    contextTokens: integer(60_000, 16_000, 1_000_000),
    requestSeconds: integer(300, 1, 3_600),
  },
};

const file = { type: 'string', minLength: 1, maxLength: 4096 };

const apiTls = {
  type: 'object',
  additionalProperties: false,
  required: ['certFile', 'keyFile'],
  properties: { certFile: file, keyFile: file },
};

const jobSandbox = {
  type: 'object',
  additionalProperties: false,
  required: ['image'],
  properties: {
    namespace: { ...dnsLabel, default: 'threehops-sandbox' },
    image: { type: 'string', minLength: 1, maxLength: 512, pattern: '^\\S+$' },
    runtimeClassName: { type: 'string', default: '', pattern: '^([a-z0-9]([-.a-z0-9]*[a-z0-9])?)?$', maxLength: 253 },
    userNamespace: { type: 'boolean', default: false },
    memoryMiB: integer(1_024, 64, 65_536),
    cpuMilli: integer(1_000, 50, 64_000),
    ephemeralMiB: integer(1_024, 16, 65_536),
    processes: integer(256, 8, 32_768),
    checkSeconds: integer(120, 1, 3_600),
    startSeconds: integer(120, 1, 3_600),
    treeMiB: integer(16, 1, 50),
    proxyPort: integer(8_095, 1_024, 65_535),
    proxyMiB: integer(1_024, 1, 65_536),
  },
};

/** JSON Schema of the operator's configuration file; ajv fills its defaults in. */
export const configSchema: object = {
  type: 'object',
  additionalProperties: false,
  properties: {
    allow: object({
      awsAccounts: strings({ pattern: '^[0-9]{12}$' }),
      clusters: strings({}),
      hosts: strings({ format: 'host-glob' }),
      cidrs: strings({ format: 'cidr' }),
      repositories: strings({ pattern: '^[^/\\s]+/[^/\\s]+$' }),
      workflows: strings({ pattern: '^[^/\\s]+/[^/\\s]+/[^/\\s]+$' }),
      namespaces: strings({ pattern: '^[-a-z0-9*]+$' }),
    }),
    servers: {
      type: 'object',
      default: {},
      propertyNames: { pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' },
      additionalProperties: { type: 'object' },
    },
    toolServers: {
      type: 'object',
      default: {},
      propertyNames: { pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' },
      additionalProperties: stdioServer,
    },
    claude,
    leaderElection: object({
      enabled: { type: 'boolean', default: true },
      namespace: { ...dnsLabel, default: 'threehops-system' },
      name: { ...dnsLabel, default: 'threehops' },
      leaseSeconds: integer(15, 1, 300),
      renewSeconds: integer(10, 1, 300),
      retrySeconds: integer(2, 1, 300),
    }),
    workers: integer(10, 1, 200),
    metricsAddress: { type: 'string', default: '0.0.0.0:8080', format: 'host-port' },
    apiAddress: { type: 'string', default: '0.0.0.0:8090', format: 'host-port' },
    apiTls,
    alerts: object({
      audience: { type: 'string', default: '', maxLength: 256 },
      maxBodyBytes: integer(1_048_576, 1_024, 16_777_216),
      requestsPerSecond: integer(50, 1, 10_000),
      burst: integer(100, 1, 10_000),
      concurrency: integer(16, 1, 256),
      timeoutSeconds: integer(20, 1, 300),
    }),
    sandbox: object({
      kind: { type: 'string', enum: ['Bubblewrap', 'Job'], default: 'Bubblewrap' },
      bubblewrap: { type: 'string', default: 'bwrap', minLength: 1, maxLength: 1024 },
      libraryPath: { type: 'string', default: '', maxLength: 4096 },
      job: jobSandbox,
      hosts: strings({ pattern: '^[A-Za-z0-9*]([-.A-Za-z0-9*]*[A-Za-z0-9])?(:[0-9]{1,5})?$' }),
    }),
    limits: object({
      default: limits({ wallClockSeconds: 7_200, toolCalls: 10_000, writes: 50, tokens: 500_000, blastRadius: 50 }),
      maximum: limits(
        { wallClockSeconds: 86_400, toolCalls: 50_000, writes: 200, tokens: 5_000_000, blastRadius: 300 },
        { iterations: integer(20, 1, 50) },
      ),
    }),
    timings: timingsSchema,
    coalesceMs: integer(5_000, 0, 5_000),
  },
};
