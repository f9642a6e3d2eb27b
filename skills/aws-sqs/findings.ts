import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding, Severity } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import { isDefined } from '../lib/reading.ts';
import { type Point, round } from '../lib/statistics.ts';
import type { QueueMetrics } from './metrics.ts';
import { fewWaiting, isFalling, isGrowing, type Observation } from './observation.ts';
import type { QueueSettings } from './parameters.ts';

export interface QueueLook {
  readonly node: string;
  readonly name: string;
  readonly settings: QueueSettings;
  readonly observed: Observation;
  readonly metrics: QueueMetrics;
  readonly dead?: { readonly name: string; readonly observed: Observation };
}

interface Told {
  readonly reason: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly value: number;
  readonly threshold: number;
  readonly unit: string;
  readonly since?: string | undefined;
  /** Where it was read, where that is not the queue's attributes. */
  readonly source?: string;
  readonly facts?: JsonObject;
}

export function queueFindings(look: QueueLook): readonly Finding[] {
  const told = [
    depthHigh(look),
    depthGrowing(look),
    noConsumer(look),
    consumerStalled(look),
    oldestMessage(look),
    deliveryDelayed(look),
    deadLetters(look),
    deadLettersGrowing(look),
    visibilityTimeout(look),
    redrivesAtOnce(look),
  ];
  return told.filter(isDefined).map((one) => findingOf(one, look));
}

function findingOf({ reason, since, facts, ...told }: Told, { node, name, observed }: QueueLook): Finding {
  const kind = `aws-sqs.${reason}`;
  const { visible, inFlight, delayed } = observed.last;
  return {
    id: findingId(node, kind, name),
    node,
    kind,
    source: `get_queue_attributes ${name}, ${observed.readings.length} times in ${observed.seconds} s`,
    ...told,
    ...(since === undefined ? {} : { since }),
    facts: { queue: name, visible, inFlight, delayed, growth: observed.growth, ...facts },
  };
}

function depthHigh({ settings, observed, metrics }: QueueLook): Told | undefined {
  const { visible } = observed.last;
  if (visible <= settings.maxDepth) return undefined;
  return {
    reason: 'DepthHigh',
    severity: visible > 5 * settings.maxDepth ? 'Critical' : 'Warning',
    summary: `${visible} messages wait, at most ${settings.maxDepth} should`,
    value: visible,
    threshold: settings.maxDepth,
    unit: 'messages',
    since: lastRise(metrics.depth, settings.maxDepth),
  };
}

/** Since when the metric has been above the limit without a break. */
function lastRise(points: readonly Point[], limit: number): string | undefined {
  const start = points[points.findLastIndex(([, value]) => value <= limit) + 1];
  return start === undefined ? undefined : new Date(start[0] * 1000).toISOString();
}

/** The lowest of the points before the last that each were below the next: there it began to rise. */
function riseBegan(points: readonly Point[]): string | undefined {
  const start =
    points[points.findLastIndex(([, value], index) => value <= (points[index - 1]?.[1] ?? -1))] ?? points[0];
  return start === undefined || start === points.at(-1) ? undefined : new Date(start[0] * 1000).toISOString();
}

function depthGrowing({ observed, metrics }: QueueLook): Told | undefined {
  if (!isGrowing(observed)) return undefined;
  const perSecond = round(observed.growth / Math.max(1, observed.seconds), 2);
  return {
    reason: 'DepthGrowing',
    severity: 'Warning',
    summary: `the backlog grows by ${perSecond} messages a second; ${observed.last.visible} wait`,
    value: perSecond,
    threshold: 0,
    unit: 'messages a second',
    since: riseBegan(metrics.depth),
    facts: { perSecond },
  };
}

/** So many of CloudWatch's periods without a receipt: by default they are minutes. */
const idlePeriods = 2;

function noConsumer({ observed, metrics }: QueueLook): Told | undefined {
  // What is not hidden from others while somebody works on it is never in flight.
  const idle = observed.readings.every(
    ({ inFlight, visibilityTimeoutSeconds }) => inFlight === 0 && visibilityTimeoutSeconds > 0,
  );
  // A consumer that takes a few at a time and is quick has none in flight most of the time.
  const takes = sum(metrics.received.slice(-idlePeriods)) > 0;
  if (observed.last.visible < fewWaiting || !idle || takes || isFalling(observed)) return undefined;
  return {
    reason: 'NoConsumer',
    severity: 'Critical',
    summary: `${observed.last.visible} messages wait and none is being worked on: nobody consumes the queue`,
    value: 0,
    threshold: 1,
    unit: 'messages in flight',
    since: lastReceipt(metrics.received),
  };
}

/** The first period without a receipt after the last one that had some. */
function lastReceipt(received: readonly Point[]): string | undefined {
  const last = received.findLastIndex(([, count]) => count > 0);
  return last < 0
    ? undefined
    : lastRise(
        received.map(([time, count]) => [time, -count]),
        -1,
      );
}

/** Somebody holds messages, but there are no fewer of them: the consumer is stuck or too slow. */
function consumerStalled({ settings, observed, metrics }: QueueLook): Told | undefined {
  const { visible, inFlight } = observed.last;
  if (visible <= settings.maxDepth || inFlight === 0 || isFalling(observed)) return undefined;
  return {
    reason: 'ConsumerStalled',
    severity: 'Warning',
    summary: `${inFlight} messages are in flight, but the ${visible} that wait become no fewer`,
    value: observed.growth,
    threshold: 0,
    unit: 'messages',
    since: lastRise(metrics.depth, settings.maxDepth),
  };
}

function oldestMessage({ settings, metrics }: QueueLook): Told | undefined {
  const latest = metrics.age.at(-1);
  if (latest === undefined || latest[1] <= settings.maxAgeSeconds) return undefined;
  return {
    reason: 'OldestMessageAge',
    severity: 'Warning',
    summary: `the oldest message has waited for ${Math.round(latest[1])} s`,
    value: latest[1],
    threshold: settings.maxAgeSeconds,
    unit: 's',
    // The message itself tells when it began, better than the metric that crossed a limit.
    since: cameAt(latest),
    source: 'get_metric_data AWS/SQS ApproximateAgeOfOldestMessage MAX',
  };
}

/** When the message came to the queue that the newest reading of the oldest message's age is about. */
function cameAt([time, age]: Point): string {
  return new Date((time - age) * 1000).toISOString();
}

/** The queue itself keeps messages back for longer than one may wait. It has done so since its attributes were set, if not before. */
function deliveryDelayed({ settings, observed }: QueueLook): Told | undefined {
  const { delaySeconds, delayed, modifiedAt } = observed.last;
  if (delaySeconds <= settings.maxAgeSeconds || delayed === 0) return undefined;
  return {
    reason: 'DeliveryDelayed',
    severity: 'Critical',
    summary: `${delayed} messages are kept back: nobody gets one until ${delaySeconds} s after it was sent, and at most ${settings.maxAgeSeconds} s are allowed`,
    value: delaySeconds,
    threshold: settings.maxAgeSeconds,
    unit: 's',
    since: modifiedAt?.toISOString(),
    facts: { delaySeconds },
  };
}

/** What lies there may be of last year; it stays until a person says whether it is still wanted. */
function deadLetters({ dead, observed, metrics }: QueueLook): Told | undefined {
  const size = dead?.observed.last.visible ?? 0;
  const oldest = metrics.deadAge.at(-1);
  if (dead === undefined || size === 0) return undefined;
  return {
    reason: 'DeadLetters',
    severity: 'Info',
    summary: `${size} messages in ${dead.name}`,
    value: size,
    threshold: 0,
    unit: 'messages',
    since: oldest === undefined ? undefined : cameAt(oldest),
    facts: { deadLetterQueue: dead.name, size, maxReceiveCount: observed.last.redrive?.maxReceiveCount ?? null },
  };
}

/** Letters that come are news: just now, or by CloudWatch since the window began. */
function deadLettersGrowing({ dead, metrics, observed }: QueueLook): Told | undefined {
  if (dead === undefined) return undefined;
  const size = dead.observed.last.visible;
  const [, before = Number.POSITIVE_INFINITY] = metrics.deadLetters[0] ?? [];
  const growth = size - Math.min(dead.observed.first.visible, before);
  if (growth <= 0) return undefined;
  const maxReceiveCount = observed.last.redrive?.maxReceiveCount;
  const tries = maxReceiveCount === undefined ? '' : ` after ${maxReceiveCount} receipts each`;
  return {
    reason: 'DeadLettersGrowing',
    severity: 'Warning',
    summary: `${growth} more messages went to ${dead.name}${tries}; it holds ${size}`,
    value: growth,
    threshold: 0,
    unit: 'messages',
    since: lastRise(metrics.deadLetters, before),
    facts: { deadLetterQueue: dead.name, size, newLetters: growth, maxReceiveCount: maxReceiveCount ?? null },
  };
}

/** Messages come back while they are still being worked on: the timeout is shorter than the work. */
function visibilityTimeout(look: QueueLook): Told | undefined {
  const { settings, observed, metrics } = look;
  const timeout = observed.last.visibilityTimeoutSeconds;
  const needed = settings.processingSeconds;
  const received = sum(metrics.received);
  const deleted = sum(metrics.deleted);
  const known = needed !== undefined && timeout < needed;
  // Poison comes back as well, and ends among the dead letters: then the timeout is not what is wrong.
  const seen = deadLettersGrowing(look) === undefined && deleted >= fewWaiting && received >= 2 * deleted;
  if (!known && !seen) return undefined;
  const why = known ? `a message takes up to ${needed} s` : `${received} were received for ${deleted} that were done`;
  return {
    reason: 'VisibilityTimeoutShort',
    severity: 'Warning',
    summary: `messages come back after ${timeout} s, and ${why}`,
    value: timeout,
    threshold: needed ?? 2 * timeout,
    unit: 's',
    ...(known
      ? { since: observed.last.modifiedAt?.toISOString() }
      : { source: 'get_metric_data AWS/SQS NumberOfMessagesReceived SUM, NumberOfMessagesDeleted SUM' }),
    facts: { received, deleted, ...(needed === undefined ? {} : { processingSeconds: needed }) },
  };
}

/** One failure that would have passed by itself costs a message. */
function redrivesAtOnce({ observed }: QueueLook): Told | undefined {
  const { redrive, modifiedAt } = observed.last;
  if (redrive === undefined || redrive.maxReceiveCount > 1) return undefined;
  const most = redrive.maxReceiveCount;
  return {
    reason: 'RedrivesAtOnce',
    severity: 'Info',
    summary: `the redrive policy ${most === 0 ? 'names no maximum of receipts' : 'gives a message up after one receipt'}`,
    value: most,
    threshold: 2,
    unit: 'receipts',
    since: modifiedAt?.toISOString(),
    facts: { maxReceiveCount: most },
  };
}

function sum(points: readonly Point[]): number {
  return points.reduce((total, [, value]) => total + value, 0);
}
