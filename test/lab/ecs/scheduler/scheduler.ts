import type { ServiceRecord, StopReason, TaskRecord } from '../model/records.ts';
import { taskHealth } from '../model/task-view.ts';
import type { World } from '../model/world.ts';
import type { BreakerBounds, EcsTiming } from '../options.ts';
import { checkBreaker } from './circuit-breaker.ts';
import { addEvent, tellStarted, tellStopped } from './events.ts';
import { addTask } from './new-task.ts';
import { planService } from './plan.ts';
import { concludeRollout } from './rollout.ts';
import { noteSteady } from './task-outcome.ts';

export interface SchedulerParts {
  readonly world: World;
  readonly timing: EcsTiming;
  readonly breakerBounds: BreakerBounds;
  readonly startTask: (task: TaskRecord) => void;
  readonly stopTask: (task: TaskRecord, stop: StopReason) => void;
}

/** Brings what runs in line with what the services ask for, a small step each tick. A tick does not wait for anything. */
export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #timer: NodeJS.Timeout;
  #woken: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#tick(), parts.timing.tickMs);
  }

  /** Looks soon instead of at the next tick. */
  wake(): void {
    if (this.#closed) return;
    this.#woken ??= setImmediate(() => {
      this.#woken = undefined;
      this.#tick();
    });
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    clearImmediate(this.#woken);
  }

  #tick(): void {
    const now = Date.now();
    this.#forgetOldTasks(now);
    for (const service of this.#parts.world.services()) {
      if (service.status !== 'INACTIVE') this.#reconcile(service, now);
    }
  }

  #reconcile(service: ServiceRecord, now: number): void {
    const { world, breakerBounds } = this.#parts;
    for (const task of world.tasksOf(service)) this.#judge(service, task, now);
    checkBreaker(service, breakerBounds);
    const plan = planService(service, world.tasksOf(service), now);
    const [primary] = service.deployments;
    for (const task of plan.stop) this.#parts.stopTask(task, scalingStop(primary?.id ?? service.name));
    tellStopped(service, plan.stop);
    const started = plan.start.flatMap(({ deployment, count }) =>
      Array.from({ length: count }, () => addTask(world.arns, service, deployment)),
    );
    for (const task of started) this.#parts.startTask(task);
    tellStarted(service, started);
    concludeRollout(service, world.tasksOf(service));
  }

  #judge(service: ServiceRecord, task: TaskRecord, now: number): void {
    if (task.desiredStatus !== 'RUNNING') return;
    const { timing } = this.#parts;
    if (taskHealth(task) === 'UNHEALTHY' && !isInGrace(service, task, now, timing)) {
      addEvent(service, `(task ${task.id}) failed container health checks.`);
      this.#parts.stopTask(task, unhealthyStop);
    } else if (!task.steady && task.readySince !== undefined && now - task.readySince >= timing.steadyMs) {
      noteSteady(task);
    }
  }

  #forgetOldTasks(now: number): void {
    const oldest = now - this.#parts.timing.stoppedTaskMs;
    for (const task of this.#parts.world.tasks()) {
      if (task.stoppedAt !== undefined && task.stoppedAt.getTime() < oldest) task.cluster.tasks.delete(task.id);
    }
  }
}

const unhealthyStop: StopReason = {
  code: 'ServiceSchedulerInitiated',
  reason: 'Task failed container health checks',
  isFailure: true,
};

function scalingStop(deploymentId: string): StopReason {
  const reason = `Scaling activity initiated by (deployment ${deploymentId})`;
  return { code: 'ServiceSchedulerInitiated', reason, isFailure: false };
}

function isInGrace(service: ServiceRecord, task: TaskRecord, now: number, timing: EcsTiming): boolean {
  const seconds = service.settings.healthCheckGracePeriodSeconds ?? 0;
  const since = task.startedAt?.getTime() ?? now;
  return now - since < seconds * timing.definitionSecondMs;
}
