import type { LabPart } from './parts.ts';

/** What everything in the lab is called. Nothing in the operator may depend on any of it, so all of it can be renamed. */
export interface WorldNames {
  readonly owner: string;
  readonly cluster: string;
  readonly workflow: string;
  /** File names within a service's repository. */
  readonly mainFile: string;
  readonly settingsFile: string;
  /** The web page in front of the gateway, where the lab has one. */
  readonly frontend: string;
  readonly gateway: string;
  readonly payments: string;
  readonly settlement: string;
  readonly notification: string;
  /** A firm elsewhere that notifications are handed to. */
  readonly carrier: string;
  /** A function that makes the receipts which go with notifications, where that part is there. */
  readonly receipts: string;
  /** What runs on Kubernetes, where that part is there. */
  readonly catalog: string;
  readonly queue: string;
  /** Where the queue puts aside what is handed out again and again, where it does. */
  readonly deadLetters: string;
  readonly database: string;
  /** The database that the worker settles into. */
  readonly ledger: string;
  readonly tablePayments: string;
  readonly tableAccounts: string;
  /** The cache where ElastiCache runs it, and the group of its parameters. */
  readonly cacheCluster: string;
  readonly cacheParameters: string;
  /** Names of nodes in the maps, by what they are. */
  readonly nodes: {
    readonly compute: string;
    readonly logs: string;
    readonly pipeline: string;
    readonly code: string;
    readonly settings: string;
    readonly database: string;
    readonly ledger: string;
    readonly cache: string;
    readonly metrics: string;
    readonly workload: string;
    readonly page: string;
    readonly rollout: string;
  };
}

export const plainNames: WorldNames = {
  owner: 'acme',
  cluster: 'staging',
  workflow: 'deploy-staging.yaml',
  mainFile: 'server.js',
  settingsFile: 'settings.json',
  frontend: 'frontend-app',
  gateway: 'api-gateway',
  payments: 'payments-api',
  settlement: 'settlement-worker',
  notification: 'notification-svc',
  carrier: 'mail-carrier',
  receipts: 'receipt-maker',
  catalog: 'product-catalog',
  queue: 'sqs-payments',
  deadLetters: 'sqs-payments-dead',
  database: 'payments',
  ledger: 'ledger',
  tablePayments: 'payments',
  tableAccounts: 'accounts',
  cacheCluster: 'payments-cache',
  cacheParameters: 'payments-cache-parameters',
  nodes: {
    compute: 'ecs',
    logs: 'logs',
    pipeline: 'pipeline',
    code: 'code',
    settings: 'settings',
    database: 'postgresql',
    ledger: 'ledger-db',
    cache: 'redis',
    metrics: 'metrics',
    workload: 'kubernetes',
    page: 'checkout-page',
    rollout: 'rollout',
  },
};

/** The same world under other names: what is true of the one must be found in the other. */
export const otherNames: WorldNames = {
  owner: 'globex',
  cluster: 'blue',
  workflow: 'ship.yml',
  mainFile: 'boot.js',
  settingsFile: 'tuning.json',
  frontend: 'storefront',
  gateway: 'edge',
  payments: 'orders',
  settlement: 'ledger-sync',
  notification: 'mailer',
  carrier: 'courier',
  receipts: 'slip-printer',
  catalog: 'assortment',
  queue: 'work-items',
  deadLetters: 'work-leftovers',
  database: 'store',
  ledger: 'books',
  tablePayments: 'order_lines',
  tableAccounts: 'wallets',
  cacheCluster: 'fast-lane',
  cacheParameters: 'fast-lane-tuning',
  nodes: {
    compute: 'tasks',
    logs: 'output',
    pipeline: 'builds',
    code: 'repo',
    settings: 'knobs',
    database: 'primary-db',
    ledger: 'books-db',
    cache: 'kv',
    metrics: 'numbers',
    workload: 'pods',
    page: 'shop-window',
    rollout: 'releases',
  },
};

export type ServiceRole = 'frontend' | 'gateway' | 'payments' | 'settlement' | 'notification';

/** The services that have a map; the catalog where its part is there. */
export type MapRole = ServiceRole | 'catalog';

const usualRoles: readonly ServiceRole[] = ['notification', 'settlement', 'payments', 'gateway'];

/** The services of a lab with these parts, the last called first. */
export function rolesOf(parts: ReadonlySet<LabPart>): readonly ServiceRole[] {
  return parts.has('web') ? [...usualRoles, 'frontend'] : usualRoles;
}
