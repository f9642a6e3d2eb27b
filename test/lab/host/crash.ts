import type { OnOutsideWrite } from '../world/world.ts';

/** Where the operator is killed: at the k-th outside write of its session, before it is carried out or before it is answered. */
export interface CrashPlan {
  /** From 1; or how the first such write's name begins. */
  readonly at: number | string;
  readonly when: 'Before' | 'After';
}

export interface CrashMeans {
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Whether a write is a pipeline's, which does not die with the operator: it is carried out and answered in any case. */
  isPipeline(what: string): boolean;
}

export interface Crasher {
  readonly onWrite: OnOutsideWrite;
  /** Every write since `arm`, in the order of arrival: a run without a crash says how many points there are. */
  readonly writes: readonly string[];
  /** Whether the point was reached and the operator killed there. */
  readonly killed: boolean;
  /** From now on writes count. */
  arm(means: CrashMeans): void;
  /** Resolves when the operator is back. @throws what starting it threw */
  settled(): Promise<void>;
}

/** Kills on receipt of a write and not by a timer, so that a run can be had again. */
export function createCrasher(plan?: CrashPlan): Crasher {
  const writes: string[] = [];
  let means: CrashMeans | undefined;
  let awaited: string | undefined;
  let back: Promise<void> = Promise.resolve();
  let reached = false;
  let killed = false;
  const isReached = (what: string): boolean =>
    typeof plan?.at === 'string' ? !reached && what.startsWith(plan.at) : writes.length === plan?.at;
  const isPoint = (what: string, phase: 'received' | 'applied'): boolean => {
    if (phase === 'received' && isReached(what)) {
      awaited = what;
      reached = true;
    }
    return awaited === what && phase === (plan?.when === 'Before' ? 'received' : 'applied');
  };
  return {
    writes,
    get killed() {
      return killed;
    },
    arm: (given) => void (means = given),
    settled: () => back,
    async onWrite(what, phase) {
      if (means === undefined) return undefined;
      if (phase === 'received') writes.push(what);
      if (!isPoint(what, phase)) return undefined;
      awaited = undefined;
      await means.kill();
      killed = true;
      back = means.start();
      // Whoever waits for it hears of a failure; nobody waiting must not end the process.
      back.catch(() => undefined);
      return means.isPipeline(what) ? undefined : 'drop';
    },
  };
}
