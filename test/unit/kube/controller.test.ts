import { beforeEach, describe, expect, it } from 'vitest';
import { Terminal, Wait } from '../../../controller/kube/control-errors.ts';
import { Controller, type ControllerOptions, type Reconcile } from '../../../controller/kube/controller.ts';
import { TooManyRequests } from '../../../controller/kube/errors.ts';
import type { Request } from '../../../controller/kube/object.ts';
import { WorkQueue } from '../../../controller/kube/queue.ts';
import { FakeClock, settle } from '../../helpers/fake-clock.ts';
import { forever, RecordingLog, RecordingMetrics } from '../../helpers/kube-things.ts';

const a: Request = { namespace: 'n', name: 'a' };
const b: Request = { namespace: 'n', name: 'b' };

let clock: FakeClock;
let metrics: RecordingMetrics;
let log: RecordingLog;
let stop: AbortController;
let running: Promise<void>;
let controller: Controller;

beforeEach(() => {
  clock = new FakeClock();
  metrics = new RecordingMetrics();
  log = new RecordingLog();
  stop = new AbortController();
});

function start(reconcile: Reconcile, options: Partial<ControllerOptions> = {}): void {
  const queue = new WorkQueue({ name: 'test', clock, backoff: { baseMs: 10, maxMs: 1000, jitter: 0 } });
  controller = new Controller({ name: 'test', clock, metrics, log, queue, reconcile, ...options });
  running = controller.run(stop.signal);
}

/** A reconciler that ends as told, and counts its calls. */
function ending(...ends: (() => unknown)[]): { calls: number; reconcile: Reconcile } {
  const state = {
    calls: 0,
    reconcile: async () => {
      state.calls += 1;
      return (ends[Math.min(state.calls, ends.length) - 1]?.() ?? {}) as object;
    },
  };
  return state;
}

function fail(error: unknown): () => never {
  return () => {
    throw error;
  };
}

const total = (result: string): number =>
  metrics.value('controller_runtime_reconcile_total', { controller: 'test', result });

describe('how a reconciliation ends', () => {
  it('well: it does not come back by itself', async () => {
    const one = ending(() => ({}));
    start(one.reconcile);
    controller.queue.add(a);
    await clock.advance(10_000);
    expect(one.calls).toBe(1);
    expect(total('success')).toBe(1);
    expect(metrics.value('controller_runtime_reconcile_time_seconds', { controller: 'test' })).toBe(1);
  });

  it('with a time to come back: then it does', async () => {
    const one = ending(
      () => ({ requeueAfterMs: 500 }),
      () => ({}),
    );
    start(one.reconcile);
    controller.queue.add(a);
    await clock.advance(499);
    expect(one.calls).toBe(1);
    await clock.advance(1);
    expect(one.calls).toBe(2);
    expect(total('requeue_after')).toBe(1);
  });

  it('with an error: again with backoff, which a success ends', async () => {
    const one = ending(fail(new Error('x')), fail(new Error('x')), () => ({}));
    start(one.reconcile);
    controller.queue.add(a);
    await clock.advance(10);
    expect(one.calls).toBe(2);
    await clock.advance(20);
    expect(one.calls).toBe(3);
    expect(controller.queue.failuresOf(a)).toBe(0);
    expect(total('error')).toBe(2);
    expect(metrics.value('controller_runtime_reconcile_errors_total', { controller: 'test' })).toBe(2);
  });

  it('with Wait: after that time, without an error and without backoff', async () => {
    const one = ending(fail(new Wait(300, 'Busy')), () => ({}));
    start(one.reconcile);
    controller.queue.add(a);
    await clock.advance(300);
    expect(one.calls).toBe(2);
    expect(total('error')).toBe(0);
    expect(controller.queue.failuresOf(a)).toBe(0);
  });

  it('with Terminal: never by itself, but as soon as it changes', async () => {
    const one = ending(fail(new Terminal('BadInput')), () => ({}));
    start(one.reconcile);
    controller.queue.add(a);
    await clock.advance(1_000_000);
    expect(one.calls).toBe(1);
    expect(metrics.value('controller_runtime_terminal_reconcile_errors_total', { controller: 'test' })).toBe(1);
    controller.queue.add(a);
    await settle();
    expect(one.calls).toBe(2);
  });

  it('with a defect of the program: counted as a panic, and the workers live on', async () => {
    const one = ending(
      () => (undefined as unknown as { x: { y: number } }).x.y,
      () => ({}),
    );
    start(one.reconcile);
    controller.queue.add(a);
    await clock.advance(10);
    expect(one.calls).toBe(2);
    expect(metrics.value('controller_runtime_reconcile_panics_total', { controller: 'test' })).toBe(1);
  });

  it('with 429: not before the server said', async () => {
    const busy = new TooManyRequests('busy', { status: 429, reason: '', retryAfterMs: 7000 });
    const one = ending(fail(busy), () => ({}));
    start(one.reconcile);
    controller.queue.add(a);
    await clock.advance(6999);
    expect(one.calls).toBe(1);
    await clock.advance(1);
    expect(one.calls).toBe(2);
  });

  it('never, until it is aborted after its timeout; it shows as stuck before', async () => {
    const reasons: unknown[] = [];
    const hang: Reconcile = async (_request, signal) => {
      await clock.sleep(1e9, signal).catch((error: unknown) => reasons.push(error));
      signal.throwIfAborted();
      return {};
    };
    start(hang, { timeoutMs: 5000, stuckMs: 1000 });
    controller.queue.add(a);
    await clock.advance(2000);
    expect(metrics.value('threehops_stuck_reconciles', { controller: 'test' })).toBe(1);
    expect(metrics.value('controller_runtime_active_workers', { controller: 'test' })).toBe(1);
    await clock.advance(3000);
    expect(reasons).toMatchObject([{ name: 'ReconcileTimeout' }]);
    expect(total('error')).toBe(1);
  });

  it('logs what failed with the object and an id', async () => {
    start(ending(fail(new Error('x')), () => ({})).reconcile);
    controller.queue.add(a);
    await settle();
    expect(log.lines).toMatchObject([
      { message: 'reconciliation failed', fields: { controller: 'test', namespace: 'n', name: 'a', failures: 1 } },
    ]);
    expect(log.lines[0]?.fields).toHaveProperty('reconcileId');
  });
});

describe('workers', () => {
  it('never have one object at the same time', async () => {
    let together = 0;
    let most = 0;
    start(async (_request, signal) => {
      together += 1;
      most = Math.max(most, together);
      await clock.sleep(100, signal);
      together -= 1;
      return {};
    });
    controller.queue.add(a);
    await settle();
    controller.queue.add(a);
    await clock.advance(1000);
    expect(most).toBe(1);
    expect(total('success')).toBe(2);
  });

  it('work side by side on different objects, as many as there are', async () => {
    let together = 0;
    let most = 0;
    const work: Reconcile = async (_request, signal) => {
      together += 1;
      most = Math.max(most, together);
      await clock.sleep(100, signal);
      together -= 1;
      return {};
    };
    start(work, { workers: 3 });
    for (let i = 0; i < 9; i += 1) controller.queue.add({ namespace: 'n', name: String(i) });
    await clock.advance(1000);
    expect(most).toBe(3);
    expect(total('success')).toBe(9);
  });
});

describe('stop', () => {
  it('ends what it has and takes nothing more', async () => {
    const done: string[] = [];
    const work: Reconcile = async ({ name }, signal) => {
      await clock.sleep(100, signal);
      done.push(name);
      return { requeueAfterMs: 1 };
    };
    start(work, { workers: 1 });
    controller.queue.add(a);
    controller.queue.add(b);
    await settle();
    controller.finish();
    controller.queue.add({ namespace: 'n', name: 'late' });
    await clock.advance(1000);
    await running;
    expect(done).toEqual(['a', 'b']);
  });

  it('an abort aborts the work, and that is no error', async () => {
    start(async (_request, signal) => {
      await clock.sleep(1e9, signal);
      return {};
    });
    controller.queue.add(a);
    await settle();
    stop.abort();
    await running;
    expect(total('error')).toBe(0);
    expect(log.lines).toEqual([]);
  });

  it('before it ran: nothing is reconciled', async () => {
    const one = ending(() => ({}));
    stop.abort();
    start(one.reconcile);
    controller.queue.add(a);
    await running;
    expect(one.calls).toBe(0);
    expect(forever.aborted).toBe(false);
  });
});
