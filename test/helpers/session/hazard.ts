import { Conflict, UnknownOutcome } from '../../../controller/kube/errors.ts';
import { ToolTimeout } from '../../../controller/mcp/errors.ts';

/** Thrown by everything that a dead operator still tries. */
export class OperatorDead extends Error {
  constructor() {
    super('the operator is dead');
    this.name = 'OperatorDead';
  }
}

/** One life of the operator, from its start to a kill. What is in memory dies with it; nothing reaches the world afterwards. */
export class Life {
  #alive = true;

  get alive(): boolean {
    return this.#alive;
  }

  die(): void {
    this.#alive = false;
  }

  check(): void {
    if (!this.#alive) throw new OperatorDead();
  }
}

/** What befalls one write. */
export type Mishap =
  | 'die before'
  | 'die after'
  | 'lose the answer'
  | 'lose the request'
  | 'refuse as stale'
  | undefined;

/** A write as it is counted, from 1. */
export interface WritePoint {
  readonly index: number;
  /** What is written and where, for example `status Sweeping` or `push threehops/...`. */
  readonly what: string;
  /** The API server, or something outside of the cluster. */
  readonly to: 'api' | 'outside';
}

export type Hazards = (point: WritePoint) => Mishap;

/** Every write of the operator goes through here: counted, and hit when the plan says so. */
export class Hazard {
  plan: Hazards = () => undefined;
  readonly points: WritePoint[] = [];

  write<T>(life: Life, to: WritePoint['to'], what: string, commit: () => T): T {
    life.check();
    const point = { index: this.points.length + 1, what, to };
    this.points.push(point);
    const mishap = this.plan(point);
    if (mishap === 'die before') return killed(life);
    if (mishap === 'refuse as stale') throw new Conflict('injected', { status: 409, reason: 'Conflict' });
    if (mishap === 'lose the request') throw unanswered(to, what);
    const answer = commit();
    if (mishap === 'die after') return killed(life);
    if (mishap === 'lose the answer') throw unanswered(to, what);
    return answer;
  }
}

function killed(life: Life): never {
  life.die();
  throw new OperatorDead();
}

function unanswered(to: WritePoint['to'], what: string): Error {
  if (to === 'api') return new UnknownOutcome('the answer was lost', { status: 0, reason: '' });
  return new ToolTimeout({ server: 'shop', tool: what }, 'no answer', { outcome: 'Unknown' });
}
