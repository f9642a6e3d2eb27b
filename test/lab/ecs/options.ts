import type { LogLine } from './runtime/log-line.ts';
import type { MetricPoint } from './metrics/metric-point.ts';
import type { TaskIdentity } from './runtime/task-identity.ts';

/** What a container image stands for in the lab: a folder and the image's own command. */
export interface ResolvedImage {
  readonly cwd: string;
  readonly command: readonly string[];
}

/** Rejects when there is no such image: the task then stops with CannotPullContainerError and the rejection's message. */
export type ResolveImage = (image: string, signal: AbortSignal) => Promise<ResolvedImage>;

export type WritePhase = 'received' | 'answered';

/**
 * Awaited for each mutating call: `received` before it is applied, `answered` after it is applied and before the answer is sent.
 * A rejection is answered as ServerException, after which AWS clients try again.
 */
export type OnWrite = (operation: string, phase: WritePhase, input: unknown) => Promise<void> | void;

/** Milliseconds, except where the name says otherwise. */
export interface EcsTiming {
  /** How often the scheduler looks at every service. */
  readonly tickMs: number;
  /** How long a task stays PROVISIONING. */
  readonly provisioningMs: number;
  /** How long a task must have been ready, without a break, to count for its deployment. */
  readonly steadyMs: number;
  /** SIGTERM to SIGKILL for a container without `stopTimeout`. */
  readonly stopTimeoutMs: number;
  /** How long a stopping task may finish the requests that its front has sent it. */
  readonly drainMs: number;
  /** How long a stopped task stays listed. */
  readonly stoppedTaskMs: number;
  /** What a second of a task definition (healthCheck, stopTimeout) or of healthCheckGracePeriodSeconds lasts in the lab. */
  readonly definitionSecondMs: number;
  /** Between two health checks until the first success. */
  readonly healthCheckStartMs: number;
  /** No failed health check counts before this, even with a shorter `startPeriod`. */
  readonly healthCheckGraceMs: number;
  /** A health check may take this long, even with a shorter `timeout`. */
  readonly healthCheckTimeoutMs: number;
  /** Before a task that ended is replaced; doubled for each one in a row that never became steady. */
  readonly restartDelayMs: number;
  readonly restartDelayMaxMs: number;
  readonly metricsEveryMs: number;
  /** A front waits this long for a task's answer. */
  readonly frontTimeoutMs: number;
}

export const labTiming: EcsTiming = {
  tickMs: 100,
  provisioningMs: 150,
  steadyMs: 1000,
  stopTimeoutMs: 3000,
  drainMs: 1000,
  stoppedTaskMs: 600_000,
  definitionSecondMs: 100,
  healthCheckStartMs: 150,
  healthCheckGraceMs: 3000,
  healthCheckTimeoutMs: 2000,
  restartDelayMs: 400,
  restartDelayMaxMs: 4000,
  metricsEveryMs: 1000,
  frontTimeoutMs: 30_000,
};

/** ECS's own: half of the desired count, at least 3 and at most 200 tasks. A service's `thresholdConfiguration` goes before. */
export interface BreakerBounds {
  readonly minimum: number;
  readonly maximum: number;
  readonly percent: number;
}

export const ecsBreakerBounds: BreakerBounds = { minimum: 3, maximum: 200, percent: 50 };

export interface EcsOptions {
  /** Aborting stops the endpoint and all its tasks. */
  readonly signal: AbortSignal;
  readonly resolveImage: ResolveImage;
  /** More environment for a task; the definition's own goes before it. */
  readonly taskEnvironment?: (task: TaskIdentity) => Readonly<Record<string, string>>;
  /** Each line that a container with the awslogs driver writes. */
  readonly logSink?: (line: LogLine) => void;
  /** The measurements of all services with running tasks, each `metricsEveryMs`. */
  readonly metricSink?: (points: readonly MetricPoint[]) => void;
  readonly onWrite?: OnWrite;
  readonly region?: string;
  readonly accountId?: string;
  readonly timing?: Partial<EcsTiming>;
  readonly circuitBreaker?: Partial<BreakerBounds>;
  /** `polled` does without cgroups even where they can be had. */
  readonly memoryLimits?: 'best' | 'polled';
}
