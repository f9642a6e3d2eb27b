import { beforeEach, describe, expect, test } from 'vitest';
import { Controller, type Reconcile } from '../../../controller/kube/controller.ts';
import { noLog } from '../../../controller/kube/observe.ts';
import { WorkQueue } from '../../../controller/kube/queue.ts';
import { Runner } from '../../../controller/session/runner.ts';
import { workUntilStopped } from '../../../controller/wiring/work-until-stopped.ts';
import { FakeClock, settle } from '../../helpers/fake-clock.ts';
import { RecordingLog } from '../../helpers/kube-things.ts';

const session = { namespace: 'n', name: 'session' };
const graceMs = 20_000;

/** A session whose one step takes its time, as an operator on a clock that stands still sees it. */
class Operator {
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly stop = new AbortController();
  readonly lost = new AbortController();
  readonly queue = new WorkQueue({ name: 'test', clock: this.clock });
  readonly runner = new Runner({ concurrency: 1, onEnd: () => this.queue.add(session) });
  /** What became of the steps, as the reconciliations saw it. */
  readonly recorded: string[] = [];
  /** Whether the locks are renewed. */
  renewing = false;
  ended = false;
  running: Promise<void> = Promise.resolve();

  start(reconcile: Reconcile): void {
    const { clock, log, runner, queue } = this;
    const controllers = [new Controller({ name: 'test', reconcile, clock, queue, workers: 2, log: noLog })];
    const locks = { run: (signal: AbortSignal) => this.#renew(signal) };
    const work = { controllers, runner, locks, clock, log, graceMs };
    this.running = workUntilStopped(work, AbortSignal.any([this.stop.signal, this.lost.signal]), this.lost.signal);
    void this.running.finally(() => (this.ended = true)).catch(() => undefined);
    this.queue.add(session);
  }

  /** A reconciliation that asks for a step and writes down how it ended. */
  step(name: string, takesMs: number, kind?: 'Write'): void {
    const job = (signal: AbortSignal) => this.clock.sleep(takesMs, signal);
    const progress = this.runner.ask('uid', name, job, kind);
    if (progress.state !== 'Running') this.recorded.push(`${name} ${progress.state}`);
  }

  async #renew(signal: AbortSignal): Promise<void> {
    this.renewing = true;
    await this.clock.sleep(1e9, signal).catch(() => undefined);
    this.renewing = false;
  }
}

let operator: Operator;

beforeEach(() => {
  operator = new Operator();
});

describe('a stop', () => {
  const begin = async (takesMs: number, kind?: 'Write'): Promise<void> => {
    operator.start(async () => {
      operator.step('first', takesMs, kind);
      return {};
    });
    await settle();
    operator.stop.abort(new Error('stopped'));
  };

  test('lets a write end and be written down, with its locks held, and then waits no longer', async () => {
    await begin(5000, 'Write');
    await operator.clock.advance(4999);
    expect(operator).toMatchObject({ ended: false, renewing: true, recorded: [] });
    await operator.clock.advance(1);
    await operator.running;
    expect(operator).toMatchObject({ renewing: false, recorded: ['first Done'] });
    expect(operator.clock.monotonicMs()).toBe(5000);
    expect(operator.log.lines).toEqual([]);
  });

  test('waits no longer than its time: then the write is aborted, and that is said', async () => {
    await begin(60_000, 'Write');
    await operator.clock.advance(graceMs - 1);
    expect(operator.ended).toBe(false);
    await operator.clock.advance(1);
    await operator.running;
    expect(operator).toMatchObject({ renewing: false, recorded: [] });
    expect(operator.runner.active).toBe(0);
    expect(operator.log.lines).toMatchObject([{ level: 'warn' }]);
  });

  test('does not wait for what only reads', async () => {
    await begin(60_000);
    await settle();
    await operator.running;
    expect(operator.clock.monotonicMs()).toBe(0);
    expect(operator.runner.active).toBe(0);
  });

  test('lets a reconciliation end that is under way', async () => {
    operator.start(async (_, signal) => {
      await operator.clock.sleep(300, signal);
      operator.recorded.push('reconciled');
      return {};
    });
    await settle();
    operator.stop.abort(new Error('stopped'));
    await operator.clock.advance(300);
    await operator.running;
    expect(operator.recorded).toEqual(['reconciled']);
  });

  test('begins nothing new, neither the next step nor one that waited for its turn', async () => {
    operator.start(async () => {
      operator.step('first', 5000, 'Write');
      operator.step('second', 10, 'Write');
      return {};
    });
    await settle();
    operator.stop.abort(new Error('stopped'));
    await operator.clock.advance(5000);
    await operator.running;
    expect(operator.recorded).toEqual(['first Done']);
  });

  test('with nothing under way ends at once', async () => {
    operator.start(async () => ({}));
    await settle();
    operator.stop.abort(new Error('stopped'));
    await operator.running;
    expect(operator.clock.monotonicMs()).toBe(0);
  });
});

describe('a loss of the lead', () => {
  const writing = async (): Promise<void> => {
    operator.start(async () => {
      operator.step('first', 60_000, 'Write');
      return {};
    });
    await settle();
  };

  test('aborts a write at once: another may lead soon', async () => {
    await writing();
    operator.lost.abort(new Error('lost'));
    await operator.running;
    expect(operator.runner.active).toBe(0);
    expect(operator.clock.monotonicMs()).toBe(0);
  });

  test('does so while a stop waits', async () => {
    await writing();
    operator.stop.abort(new Error('stopped'));
    await operator.clock.advance(1000);
    expect(operator.ended).toBe(false);
    operator.lost.abort(new Error('lost'));
    await operator.running;
    expect(operator.runner.active).toBe(0);
    expect(operator.clock.monotonicMs()).toBe(1000);
  });
});
