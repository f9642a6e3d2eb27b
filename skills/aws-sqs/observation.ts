import type { SkillClock } from '../skill.ts';
import type { QueueReading, Queues } from './queue.ts';

/** A queue watched for a few seconds. */
export interface Observation {
  readonly readings: readonly QueueReading[];
  readonly first: QueueReading;
  readonly last: QueueReading;
  readonly seconds: number;
  /** Messages that came more than went, waiting and in flight together. */
  readonly growth: number;
}

const everyMs = 1000;

/** Reads the queue once, and then each second. Where reading is slow there are fewer readings, never a longer look. */
export async function observe(
  queues: Queues,
  url: string,
  seconds: number,
  clock: SkillClock,
  signal: AbortSignal,
): Promise<Observation> {
  const first = await queues.read(url);
  const readings = [first];
  const end = clock.now().getTime() + seconds * 1000;
  for (let left = seconds * 1000; left > 0; left = end - clock.now().getTime()) {
    await clock.sleep(Math.min(everyMs, left), signal);
    readings.push(await queues.read(url));
  }
  const last = readings.at(-1) ?? first;
  return { readings, first, last, seconds, growth: backlog(last) - backlog(first) };
}

/** All that is not done. */
export function backlog({ visible, inFlight, delayed }: QueueReading): number {
  return visible + inFlight + delayed;
}

/** Below so many waiting messages every queue goes up and down. */
export const fewWaiting = 10;

/** The counts are approximate: a hundredth of the depth, and at least three, is noise. */
export function isGrowing({ last, growth }: Observation): boolean {
  return last.visible >= fewWaiting && growth >= Math.max(3, last.visible / 100);
}

export function isFalling({ last, growth }: Observation): boolean {
  return growth <= -Math.max(1, last.visible / 1000);
}
