import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import { Coalescer } from '../../../controller/mcp/coalesce.ts';

const signal = new AbortController().signal;
const question = { identity: 'postgres:db', args: { sql: 'select 1', rows: 10 }, credentials: 'digest' };

/** A coalescer on a clock that stands still, and a work that is counted and answered by hand. */
function setUp(bounds: { maxEntries?: number; maxSize?: number } = {}) {
  const time = { ms: 1_000 };
  const timers: (() => void)[] = [];
  const coalescer = new Coalescer({
    clock: { ...systemClock, monotonicMs: () => time.ms, timer: (_ms, fire) => (timers.push(fire), () => {}) },
    maxAgeMs: 5_000,
    ...bounds,
  });
  let asked = 0;
  const work = async () => ({ answer: ++asked });
  return { coalescer, time, work, asked: () => asked, fire: () => timers.forEach((one) => one()) };
}

/** A work that ends when it is told to. */
function slow() {
  const { promise, resolve, reject } = Promise.withResolvers<{ answer: number }>();
  const signals: AbortSignal[] = [];
  const work = (stop: AbortSignal) => {
    signals.push(stop);
    stop.addEventListener('abort', () => reject(stop.reason as Error));
    return promise;
  };
  return { work, signals, resolve, reject };
}

describe('coalescing', () => {
  it('asks once for fifty that ask at once, and for those who ask soon after', async () => {
    const { coalescer, time, work, asked } = setUp();
    const answers = await Promise.all(Array.from({ length: 50 }, () => coalescer.share(question, work, signal)));
    expect(new Set(answers).size).toBe(1);
    time.ms += 5_000;
    const reordered = { ...question, args: { rows: 10, sql: 'select 1' } };
    expect(await coalescer.share(reordered, work, signal)).toBe(answers[0]);
    expect(asked()).toBe(1);
  });

  it('asks anew once the answer is older than allowed, counted from when it was begun', async () => {
    const { coalescer, time, asked, work } = setUp();
    const first = slow();
    const waiting = coalescer.share(question, first.work, signal);
    time.ms += 5_001;
    first.resolve({ answer: 0 });
    await waiting;
    expect(await coalescer.share(question, work, signal)).toEqual({ answer: 1 });
    expect(asked()).toBe(1);
  });

  it.each([
    ['identity', { ...question, identity: 'postgres:other' }],
    ['arguments', { ...question, args: { sql: 'select 2', rows: 10 } }],
    ['credentials', { ...question, credentials: 'another' }],
  ])('keeps apart what differs in its %s', async (_what, other) => {
    const { coalescer, work, asked } = setUp();
    await coalescer.share(question, work, signal);
    await coalescer.share(other, work, signal);
    expect(asked()).toBe(2);
  });

  it('shares a failure with those who wait, and does not keep it', async () => {
    const { coalescer, work } = setUp();
    const failing = slow();
    const both = [1, 2].map(() => coalescer.share(question, failing.work, signal));
    failing.reject(new Error('no'));
    for (const one of both) await expect(one).rejects.toThrow('no');
    expect(failing.signals).toHaveLength(1);
    expect(await coalescer.share(question, work, signal)).toEqual({ answer: 1 });
  });

  it('goes on while anybody waits, and stops when nobody does', async () => {
    const { coalescer, work } = setUp();
    const shared = slow();
    const [first, second] = [new AbortController(), new AbortController()];
    const waits = [first, second].map((one) => coalescer.share(question, shared.work, one.signal));
    first.abort(new Error('enough'));
    await expect(waits[0]).rejects.toThrow('enough');
    expect(shared.signals[0]?.aborted).toBe(false);
    second.abort(new Error('enough too'));
    await expect(waits[1]).rejects.toThrow('enough too');
    expect(shared.signals[0]?.aborted).toBe(true);
    expect(await coalescer.share(question, work, signal)).toEqual({ answer: 1 });
  });

  it('hands out what nobody can change', async () => {
    const { coalescer } = setUp();
    const answer = await coalescer.share(question, async () => ({ rows: [{ n: 1 }] }), signal);
    expect(() => answer.rows.push({ n: 2 })).toThrow(TypeError);
    expect(() => Object.assign(answer.rows[0] as object, { n: 3 })).toThrow(TypeError);
  });

  it('keeps no more answers than allowed', async () => {
    const { coalescer, work, asked } = setUp({ maxEntries: 2 });
    const ask = (identity: string) => coalescer.share({ ...question, identity }, work, signal);
    for (const identity of ['a', 'b', 'c', 'd']) await ask(identity);
    await ask('d');
    expect(asked()).toBe(4);
    await ask('a');
    expect(asked()).toBe(5);
  });

  it('keeps no more than so much of answers, the youngest of them', async () => {
    const { coalescer, asked, work } = setUp({ maxSize: 250 });
    const ask = (identity: string) => coalescer.share({ ...question, identity }, async () => 'x'.repeat(98), signal);
    for (const identity of ['a', 'b', 'c']) await ask(identity);
    expect(coalescer.size).toBe(200);
    await coalescer.share({ ...question, identity: 'c' }, work, signal);
    expect(asked()).toBe(0);
    await coalescer.share({ ...question, identity: 'a' }, work, signal);
    expect(asked()).toBe(1);
  });

  it('lets go of what is too old to be shared, asked or not', async () => {
    const { coalescer, time, work, fire } = setUp();
    await coalescer.share(question, work, signal);
    expect(coalescer.size).toBeGreaterThan(0);
    time.ms += 5_001;
    fire();
    expect(coalescer.size).toBe(0);
  });
});
