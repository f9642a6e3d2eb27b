/** How many tasks a rolling update has to leave and may have, in percent of those desired; with ECS' defaults. */
export interface Bounds {
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
}

/** The tasks that have to stay, rounded up, and those there may be, rounded down: as ECS counts. */
export function boundsIn(desired: number, { minimumHealthyPercent = 100, maximumPercent = 200 }: Bounds) {
  return {
    least: Math.ceil((desired * minimumHealthyPercent) / 100),
    most: Math.floor((desired * maximumPercent) / 100),
  };
}

/** Whether a rolling update can begin: a task may be started beside those that run, or one of them stopped. */
export function leavesRoom(desired: number, bounds: Bounds): boolean {
  const { least, most } = boundsIn(desired, bounds);
  return least < desired || most > desired;
}

/** More tasks than this are not a way out. */
const mostAdded = 10;

/** The least number of tasks to add for which a rolling update can begin; undefined where few do not help. */
export function tasksToAdd(desired: number, bounds: Bounds): number | undefined {
  const counts = Array.from({ length: mostAdded }, (_, index) => index + 1);
  return counts.find((added) => leavesRoom(desired + added, bounds));
}
