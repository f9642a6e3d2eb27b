import { arnsOf } from './model/arns.ts';
import type { StopReason, TaskRecord } from './model/records.ts';
import { World } from './model/world.ts';
import { Fronts } from './front/fronts.ts';
import { sampleServices } from './metrics/sample-services.ts';
import { ecsBreakerBounds, labTiming, type EcsOptions } from './options.ts';
import { perform } from './operations/table.ts';
import { closeServer } from '../parts/listen.ts';
import { serveJson } from './protocol/server.ts';
import { startKeeper } from './runtime/keeper.ts';
import { chooseLimiter } from './runtime/memory/choose-limiter.ts';
import type { LimiterKind } from './runtime/memory/limiter.ts';
import { TaskPorts } from './runtime/task-ports.ts';
import { TaskRunner } from './runtime/task-runner.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { noteStopped } from './scheduler/task-outcome.ts';

export interface EcsEndpoint {
  /** For `endpoint` of AWS SDK v3, `endpoint_url` of boto3, `AWS_ENDPOINT_URL_ECS`. */
  readonly url: string;
  readonly region: string;
  readonly accountId: string;
  /** What enforces memory limits here. */
  readonly memoryLimits: LimiterKind;
  /**
   * The stable address of a service, also before it exists: HTTP, round robin over its ready tasks; 503 when there is none, 502 when a
   * task breaks the connection, 504 when it does not answer.
   */
  frontUrl(cluster: string, service: string): Promise<string>;
  /** Ends all tasks and everything else; may be called more than once. */
  stop(): Promise<void>;
}

const shutdown: StopReason = { code: 'TerminationNotice', reason: 'The lab is stopping', isFailure: false };

/** Serves ECS on a free loopback port and runs its tasks as processes of this machine. */
export async function startEcs(options: EcsOptions): Promise<EcsEndpoint> {
  const { region = 'eu-central-1', accountId = '123456789012', onWrite } = options;
  options.signal.throwIfAborted();
  const timing = { ...labTiming, ...options.timing };
  const breakerBounds = { ...ecsBreakerBounds, ...options.circuitBreaker };
  const world = new World(arnsOf(region, accountId));
  const limiter = chooseLimiter(options.memoryLimits ?? 'best');
  const keeper = startKeeper(limiter.folder);
  const fronts = new Fronts(world, timing);
  const impatience = new AbortController();
  const parts = { options, timing, limiter, keeper, ports: new TaskPorts(), drained: fronts.drained };
  const runner = new TaskRunner(parts, { onStopped: stopped, onChange: () => scheduler.wake() }, impatience.signal);
  const stopTask = (task: TaskRecord, stop: StopReason): void => runner.stop(task, stop);
  const startTask = (task: TaskRecord): void => runner.start(task);
  const scheduler = new Scheduler({ world, timing, breakerBounds, startTask, stopTask });
  const context = { world, breakerBounds, stopTask, wake: () => scheduler.wake() };
  const { server, url } = await serveJson((operation, input) => perform(context, onWrite, operation, input));
  const sampler = sampleServices(world, runner, options.metricSink, timing);

  function stopped(task: TaskRecord): void {
    noteStopped(task, timing);
    scheduler.wake();
  }

  async function close(): Promise<void> {
    scheduler.close();
    sampler.close();
    await closeServer(server);
    impatience.abort();
    await runner.closeAll(shutdown);
    await fronts.close();
    await Promise.allSettled([limiter.close()]);
    await keeper.close();
  }

  let closing: Promise<void> | undefined;
  const stop = (): Promise<void> => (closing ??= close());
  options.signal.addEventListener('abort', () => void stop(), { once: true });
  const frontUrl = (cluster: string, service: string): Promise<string> => fronts.url(cluster, service);
  return { url, region, accountId, memoryLimits: limiter.kind, frontUrl, stop };
}
