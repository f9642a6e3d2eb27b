import { setTimeout as delay } from 'node:timers/promises';
import type { TaskRecord } from '../model/records.ts';
import type { World } from '../model/world.ts';
import type { EcsTiming } from '../options.ts';
import { startFront, type Front } from './front.ts';
import { RequestsUnderWay } from './requests-under-way.ts';

/** How often a stopping task is looked at. */
const drainPollMs = 20;

/** The load balancers, one a service, each on a port of its own that stays as long as the endpoint does. */
export class Fronts {
  readonly #world: World;
  readonly #timing: EcsTiming;
  readonly #underWay = new RequestsUnderWay();
  readonly #fronts = new Map<string, Promise<Front>>();

  constructor(world: World, timing: EcsTiming) {
    this.#world = world;
    this.#timing = timing;
  }

  async url(cluster: string, service: string): Promise<string> {
    const key = `${cluster}/${service}`;
    const front =
      this.#fronts.get(key) ??
      startFront({
        targets: () => this.#targets(cluster, service),
        underWay: this.#underWay,
        timeoutMs: this.#timing.frontTimeoutMs,
      });
    this.#fronts.set(key, front);
    return (await front).url;
  }

  /** A task that is stopping gets no new requests; this waits for those it has, for `drainMs` at most. */
  readonly drained = async (task: TaskRecord): Promise<void> => {
    const end = performance.now() + this.#timing.drainMs;
    while (this.#underWay.of(task.id) > 0 && performance.now() < end) await delay(drainPollMs);
  };

  async close(): Promise<void> {
    const fronts = await Promise.all(this.#fronts.values());
    await Promise.all(fronts.map((front) => front.close()));
  }

  #targets(cluster: string, service: string) {
    const record = this.#world.clusters.get(cluster)?.services.get(service);
    if (record === undefined) return [];
    const ready = this.#world.tasksOf(record).filter((task) => task.readySince !== undefined);
    return ready.flatMap((task) => {
      const port = task.containers.find((container) => container.port !== undefined)?.port;
      return port === undefined ? [] : [{ taskId: task.id, port }];
    });
  }
}
