import { beforeEach, describe, expect, it } from 'vitest';
import type { Request } from '../../../controller/kube/object.ts';
import { WorkQueue } from '../../../controller/kube/queue.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { RecordingMetrics } from '../../helpers/kube-things.ts';

let clock: FakeClock;
let metrics: RecordingMetrics;
let queue: WorkQueue;

const a: Request = { namespace: 'n', name: 'a' };
const b: Request = { namespace: 'n', name: 'b' };

beforeEach(() => {
  clock = new FakeClock();
  metrics = new RecordingMetrics();
  queue = new WorkQueue({ name: 'q', clock, metrics, backoff: { baseMs: 10, maxMs: 100, jitter: 0 } });
});

describe('adding', () => {
  it('a key that waits already is not added twice', async () => {
    queue.add(a);
    queue.add({ ...a });
    queue.add(b);
    expect(queue.length).toBe(2);
    expect([await queue.take(), await queue.take()]).toEqual([a, b]);
    expect(queue.length).toBe(0);
  });

  it('a key in work is not handed out again until it is done, and then once', async () => {
    queue.add(a);
    await queue.take();
    queue.add(a);
    queue.add(a);
    expect(queue.length).toBe(0);
    queue.done(a);
    expect(queue.length).toBe(1);
    await queue.take();
    queue.done(a);
    expect(queue.length).toBe(0);
  });

  it('goes straight to a worker that waits', async () => {
    const taken = queue.take();
    queue.add(a);
    expect(await taken).toEqual(a);
    expect(queue.length).toBe(0);
  });

  it('keeps its order over thousands', async () => {
    for (let i = 0; i < 5000; i += 1) queue.add({ namespace: 'n', name: String(i) });
    for (let i = 0; i < 5000; i += 1) expect((await queue.take())?.name).toBe(String(i));
    expect(queue.length).toBe(0);
  });
});

describe('delays', () => {
  it('adds after its time, and of two times the earlier counts', async () => {
    queue.addAfter(a, 100);
    queue.addAfter(a, 50);
    queue.addAfter(a, 80);
    await clock.advance(49);
    expect(queue.length).toBe(0);
    await clock.advance(1);
    expect(queue.length).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('doubles for a key that fails again and again, up to a limit, and starts anew once forgotten', () => {
    const delays = Array.from({ length: 6 }, () => queue.addRateLimited(a));
    expect(delays).toEqual([10, 20, 40, 80, 100, 100]);
    expect(queue.addRateLimited(b)).toBe(10);
    queue.forget(a);
    expect(queue.failuresOf(a)).toBe(0);
    expect(queue.addRateLimited(a)).toBe(10);
  });

  it('never comes back sooner than the server asks', () => {
    expect(queue.addRateLimited(a, 5000)).toBe(5000);
  });
});

describe('finish', () => {
  it('hands out what it has, and what was wanted while it was in work, and then nothing', async () => {
    queue.add(a);
    queue.add(b);
    await queue.take();
    queue.add(a);
    queue.addAfter({ ...a, name: 'later' }, 10);
    queue.finish();
    queue.add({ ...a, name: 'new' });
    queue.done(a);
    expect([await queue.take(), await queue.take(), await queue.take()]).toEqual([b, a, undefined]);
    expect(clock.pending).toBe(0);
  });

  it('wakes the workers that wait', async () => {
    const waiting = queue.take();
    queue.finish();
    expect(await waiting).toBeUndefined();
  });
});

describe('stop', () => {
  it('wakes the workers that wait and hands out nothing more', async () => {
    const waiting = queue.take();
    queue.addAfter(a, 10);
    queue.stop();
    expect(await waiting).toBeUndefined();
    queue.add(b);
    await clock.advance(20);
    expect(await queue.take()).toBeUndefined();
    expect(clock.pending).toBe(0);
  });
});

describe('metrics', () => {
  it('tells depth, adds, retries and the age of the work', async () => {
    const labels = { name: 'q' };
    queue.add(a);
    queue.add(a);
    queue.add(b);
    expect(metrics.value('workqueue_depth', labels)).toBe(2);
    expect(metrics.value('workqueue_adds_total', labels)).toBe(2);
    await queue.take();
    await clock.advance(3000);
    expect(metrics.value('workqueue_unfinished_work_seconds', labels)).toBe(3);
    expect(metrics.value('workqueue_longest_running_processor_seconds', labels)).toBe(3);
    queue.addRateLimited(a);
    queue.done(a);
    expect(metrics.value('workqueue_retries_total', labels)).toBe(1);
    expect(metrics.value('workqueue_work_duration_seconds', labels)).toBe(1);
    expect(metrics.value('workqueue_queue_duration_seconds', labels)).toBe(1);
    expect(metrics.value('workqueue_longest_running_processor_seconds', labels)).toBe(0);
  });
});
