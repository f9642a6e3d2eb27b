import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fault as articleHistory } from './article-history.ts';
import { fault as batchOutgrowsMemory } from './batch-outgrows-memory.ts';
import { fault as poolTooWide } from './pool-too-wide.ts';
import { fault as badEnv } from './bad-env.ts';
import { fault as balanceOutgrows } from './balance-outgrows.ts';
import { fault as cacheHitsHalved } from './cache-hits-halved.ts';
import { fault as cannotFix } from './cannot-fix.ts';
import { fault as deliveryDelayed } from './delivery-delayed.ts';
import { fault as dlqPoison } from './dlq-poison.ts';
import { fault as dnsNameWrong } from './dns-name-wrong.ts';
import { fault as droppedIndex } from './dropped-index.ts';
import { fault as elastiCacheMemoryReserved } from './elasticache-memory-reserved.ts';
import { fault as elastiCacheNoEviction } from './elasticache-noeviction.ts';
import { fault as elastiCacheWaitsForReplicas } from './elasticache-waits-for-replicas.ts';
import { fault as expiredCertificate } from './expired-certificate.ts';
import type { Fault } from './fault.ts';
import { fault as flakyTest } from './flaky-test.ts';
import { fault as frontendAssetMissing } from './frontend-asset-missing.ts';
import { fault as frontendBrokenScript } from './frontend-broken-script.ts';
import { fault as frontendWrongApiPath } from './frontend-wrong-api-path.ts';
import { hardFaults } from './hard/set.ts';
import { fault as healthy } from './healthy.ts';
import { fault as imageTagMissing } from './image-tag-missing.ts';
import { fault as k8sImageMissing } from './k8s-image-missing.ts';
import { fault as k8sOutOfMemory } from './k8s-out-of-memory.ts';
import { fault as k8sQuota } from './k8s-quota.ts';
import { fault as k8sWrongEnv } from './k8s-wrong-env.ts';
import { fault as lambdaOutOfMemory } from './lambda-out-of-memory.ts';
import { fault as lambdaThrottled } from './lambda-throttled.ts';
import { fault as lambdaTimeout } from './lambda-timeout.ts';
import { fault as lambdaWrongEnv } from './lambda-wrong-env.ts';
import { fault as latentBug } from './latent-bug.ts';
import { fault as leakyRelease } from './leaky-release.ts';
import { fault as maintenancePage } from './maintenance-page.ts';
import { fault as neverHealthy } from './never-healthy.ts';
import { fault as noRoomToDeploy } from './no-room-to-deploy.ts';
import { fault as noisyLog } from './noisy-log.ts';
import { fault as notANumber } from './not-a-number.ts';
import { fault as oldAlert } from './old-alert.ts';
import { fault as oldRevisionPutBack } from './old-revision-put-back.ts';
import { fault as poolExhaustion } from './pool-exhaustion.ts';
import { fault as queueNoConsumer } from './queue-no-consumer.ts';
import { fault as redPipeline } from './red-pipeline.ts';
import { fault as redisClientsFull } from './redis-clients-full.ts';
import { fault as redisNoEviction } from './redis-noeviction.ts';
import { fault as retryStorm } from './retry-storm.ts';
import { fault as runawayQuery } from './runaway-query.ts';
import { fault as schemaDrift } from './schema-drift.ts';
import { secondFaults } from './second/set.ts';
import { thirdFaults } from './third/set.ts';
import { fault as sendsNothing } from './sends-nothing.ts';
import { fault as settlesNothing } from './settles-nothing.ts';
import { fault as skippedPipeline } from './skipped-pipeline.ts';
import { fault as slowCarrier } from './slow-carrier.ts';
import { fault as smallMemory } from './small-memory.ts';
import { fault as takesTurns } from './takes-turns.ts';
import { fault as threeHops } from './three-hops.ts';
import { fault as thrownError } from './thrown-error.ts';
import { fault as twoAtOnce } from './two-at-once.ts';
import { fault as unhurriedCarrier } from './unhurried-carrier.ts';
import { fault as unrelatedAlarm } from './unrelated-alarm.ts';
import { fault as visibilityTooShort } from './visibility-too-short.ts';
import { fault as workerThrows } from './worker-throws.ts';
import { fault as wrongHealthCheckPath } from './wrong-health-check-path.ts';

/** The faults that come with the lab. */
export const faults: readonly Fault[] = [
  leakyRelease,
  smallMemory,
  threeHops,
  badEnv,
  redPipeline,
  cannotFix,
  healthy,
  articleHistory,
  batchOutgrowsMemory,
  poolTooWide,
  thrownError,
  workerThrows,
  flakyTest,
  skippedPipeline,
  twoAtOnce,
  unrelatedAlarm,
  noisyLog,
  redisNoEviction,
  visibilityTooShort,
  queueNoConsumer,
  dnsNameWrong,
  wrongHealthCheckPath,
  imageTagMissing,
  takesTurns,
  sendsNothing,
  settlesNothing,
  oldAlert,
  expiredCertificate,
  maintenancePage,
  slowCarrier,
  unhurriedCarrier,
  k8sImageMissing,
  k8sOutOfMemory,
  k8sWrongEnv,
  k8sQuota,
  droppedIndex,
  runawayQuery,
  schemaDrift,
  latentBug,
  notANumber,
  balanceOutgrows,
  frontendBrokenScript,
  frontendWrongApiPath,
  frontendAssetMissing,
  elastiCacheNoEviction,
  elastiCacheMemoryReserved,
  elastiCacheWaitsForReplicas,
  deliveryDelayed,
  dlqPoison,
  poolExhaustion,
  retryStorm,
  cacheHitsHalved,
  redisClientsFull,
  lambdaThrottled,
  lambdaTimeout,
  lambdaOutOfMemory,
  lambdaWrongEnv,
  noRoomToDeploy,
  oldRevisionPutBack,
  neverHealthy,
];

/** Sets beside the catalogue, each in a folder of its own. */
export const folders = ['hard', 'second', 'third'] as const;
export type Folder = (typeof folders)[number];
export const faultsIn: Readonly<Record<Folder, readonly Fault[]>> = {
  hard: hardFaults,
  second: secondFaults,
  third: thirdFaults,
};

/** What a fault is called that is in no catalogue, so that it is not taken for one that is. */
export function nameIn(folder: Folder, { name }: Pick<Fault, 'name'>): string {
  return `${folder}/${name}`;
}

/** A fault cannot be found or is not one. The message is for the person who named it. */
export class FaultUnusable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FaultUnusable';
  }
}

const byName: ReadonlyMap<string, Fault> = new Map([
  ...faults.map((fault) => [fault.name, fault] as const),
  ...folders.flatMap((folder) => faultsIn[folder].map((fault) => [nameIn(folder, fault), fault] as const)),
]);

/** One of the catalogue by its name; of a set beside it as `FOLDER/NAME`. @throws FaultUnusable */
export function faultNamed(name: string): Fault {
  const found = byName.get(name);
  if (found !== undefined) return found;
  throw new FaultUnusable(`there is no fault ${name}; these are: ${faults.map((fault) => fault.name).join(', ')}`);
}

/** Loads a fault from a file: its export `fault`, or its default export. See docs/faults.md. */
export async function faultFromFile(path: string): Promise<Fault> {
  const file = resolve(path);
  let module: { fault?: unknown; default?: unknown };
  try {
    module = (await import(pathToFileURL(file).href)) as typeof module;
  } catch (cause) {
    throw new FaultUnusable(`${file} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  const given = module.fault ?? module.default;
  const problem = problemOf(given);
  if (problem !== undefined) throw new FaultUnusable(`${file} ${problem}; see docs/faults.md`);
  // What a fault must have has just been looked at; the rest is its author's.
  return given as Fault;
}

function problemOf(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null) return 'exports no object named `fault`, nor one by default';
  const { name, description, session, expected, inject, healed } = given as Partial<Record<keyof Fault, unknown>>;
  if (typeof name !== 'string' || !/^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/.test(name)) {
    return 'has no `name` of lower-case words joined by hyphens';
  }
  if (typeof description !== 'string') return 'has no `description`';
  if (!isOrder(session)) return 'has no `session` of {service, symptom}';
  if (!isExpectation(expected)) return 'has no `expected` of {outcome, causes(names), fixes}';
  if (typeof inject !== 'function') return 'has no function `inject(lab)`';
  if (typeof healed !== 'function') return 'has no function `healed(lab)`';
  return undefined;
}

function isOrder(given: unknown): boolean {
  const { service, symptom } = (given ?? {}) as Record<string, unknown>;
  return (
    typeof service === 'string' &&
    ['frontend', 'gateway', 'payments', 'settlement', 'notification', 'catalog'].includes(service) &&
    typeof symptom === 'string'
  );
}

function isExpectation(given: unknown): boolean {
  const { outcome, causes, fixes } = (given ?? {}) as Record<string, unknown>;
  return typeof outcome === 'string' && typeof causes === 'function' && Array.isArray(fixes);
}
