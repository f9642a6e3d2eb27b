/** What an outside write is about. `object` is a loose blob, tree or commit, which no ref shows yet. */
export type WriteKind =
  | 'push'
  | 'ref'
  | 'object'
  | 'contents'
  | 'pull'
  | 'comment'
  | 'label'
  | 'status'
  | 'dispatch'
  | 'rerun'
  | 'cancel'
  | 'merge';

export interface RefChange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** One request from outside that writes: a git push, or a POST, PATCH, PUT or DELETE of the REST API. */
export interface OutsideWrite {
  /** 1 for the first write that the forge received. */
  readonly ordinal: number;
  readonly kind: WriteKind;
  readonly method: string;
  /** Without the `/api/v3` prefix. */
  readonly path: string;
  readonly repository: string;
  /** Login of the token's owner. */
  readonly actor: string;
  readonly receivedAt: string;
  /** Of a push. */
  readonly changes: readonly RefChange[];
  /** `Received` until it is carried out; a refused or dropped write changed nothing. */
  readonly state: 'Received' | 'Applied' | 'Refused' | 'Dropped';
}

export type WritePhase = 'received' | 'applied';

/**
 * Awaited twice for each outside write: `received` before anything is done, `applied` after it is done and before it is answered
 * (not for a write that was refused). Answering `drop` closes the connection without an answer; on `received` the write is then
 * never carried out.
 */
export type OnWrite = (write: OutsideWrite, phase: WritePhase) => Promise<'drop' | void> | 'drop' | void;

/** The connection is to be closed without an answer. */
export class Dropped extends Error {
  constructor() {
    super('the write was dropped by the onWrite hook');
    this.name = 'Dropped';
  }
}

export interface Counters {
  /** Writes that arrived with a right to write, whatever became of them. */
  received: number;
  /** Pushes by git that moved at least one ref. */
  pushes: number;
  /** Pushes by git that were refused because of a protected branch. */
  pushesRefused: number;
  refs: number;
  contents: number;
  pullsCreated: number;
  pullsUpdated: number;
  comments: number;
  statuses: number;
  dispatches: number;
  reruns: number;
  /** The forge never merges: these were all refused. */
  mergesAttempted: number;
}

export type Description = Pick<OutsideWrite, 'kind' | 'method' | 'path' | 'repository' | 'actor' | 'changes'>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The journal of outside writes, and the hook around each. */
export class Writes {
  readonly all: OutsideWrite[] = [];
  readonly #onWrite: OnWrite | undefined;
  readonly #now: () => Date;

  constructor(onWrite: OnWrite | undefined, now: () => Date) {
    this.#onWrite = onWrite;
    this.#now = now;
  }

  /** Carries out a write between its two phases. `applied` tells from the outcome whether anything was changed. */
  async perform<T>(what: Description, apply: () => Promise<T>, applied: (outcome: T) => boolean): Promise<T> {
    const write: Mutable<OutsideWrite> = {
      ...what,
      ordinal: this.all.length + 1,
      receivedAt: this.#now().toISOString(),
      state: 'Received',
    };
    this.all.push(write);
    if ((await this.#onWrite?.(write, 'received')) === 'drop') {
      write.state = 'Dropped';
      throw new Dropped();
    }
    const outcome = await this.#settle(write, apply, applied);
    if (write.state === 'Applied' && (await this.#onWrite?.(write, 'applied')) === 'drop') throw new Dropped();
    return outcome;
  }

  async #settle<T>(
    write: Mutable<OutsideWrite>,
    apply: () => Promise<T>,
    applied: (outcome: T) => boolean,
  ): Promise<T> {
    try {
      const outcome = await apply();
      write.state = applied(outcome) ? 'Applied' : 'Refused';
      return outcome;
    } catch (error) {
      write.state = 'Refused';
      throw error;
    }
  }

  get counters(): Counters {
    const done = (kind: WriteKind, method?: string): number =>
      this.all.filter((w) => w.kind === kind && w.state === 'Applied' && (method ?? w.method) === w.method).length;
    return {
      received: this.all.length,
      pushes: done('push'),
      pushesRefused: this.all.filter((w) => w.kind === 'push' && w.state === 'Refused').length,
      refs: done('ref'),
      contents: done('contents'),
      pullsCreated: done('pull', 'POST'),
      pullsUpdated: done('pull', 'PATCH'),
      comments: done('comment'),
      statuses: done('status'),
      dispatches: done('dispatch'),
      reruns: done('rerun'),
      mergesAttempted: this.all.filter((w) => w.kind === 'merge').length,
    };
  }
}
