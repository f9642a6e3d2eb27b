import type { BreakerBounds } from '../options.ts';
import type { World } from '../model/world.ts';
import type { StopReason, TaskRecord } from '../model/records.ts';

/** What the operations work on. They change records; the scheduler and the task runner bring the world in line. */
export interface OperationContext {
  readonly world: World;
  readonly breakerBounds: BreakerBounds;
  /** Asks a task to stop; at once true of its desiredStatus. */
  stopTask(task: TaskRecord, stop: StopReason): void;
  /** Lets the scheduler look at once. */
  wake(): void;
}

/** One operation of the API. The input is what the client sent: the members' types are checked where they matter. */
export type Operation<I, O> = (context: OperationContext, input: I) => O;
