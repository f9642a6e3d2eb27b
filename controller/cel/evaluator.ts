import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { TookTooLong } from '../mcp/time-limit.ts';
import type { Clock } from '../kube/clock.ts';
import type { Expression, Scope, Values } from './cel.ts';
import type { Outcome, Question } from './cel-thread.ts';

/** In ms, for all that is asked at once. */
const limitMs = 1_000;
/** An answer of some megabytes, and what is made of it; the operator itself has less to spare than an expression can ask for. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };

/**
 * Evaluates what teams wrote on a thread of its own, one question after the other: native work (a split, a pattern) can neither hold
 * up the operator nor use up its memory. A thread that fails is replaced.
 */
export class Evaluator {
  #thread: Promise<Worker> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** @throws TookTooLong; the thread's error when it ran out of memory; the signal's reason. */
  evaluate(
    expressions: readonly Expression[],
    scope: Scope,
    { clock, signal }: { readonly clock: Pick<Clock, 'sleep'>; readonly signal: AbortSignal },
  ): Promise<Values> {
    const asked = this.#turn.then(async () => {
      signal.throwIfAborted();
      const outcomes = await this.#ask({ sources: expressions.map(({ source }) => source), scope }, clock);
      return valuesOf(new Map(expressions.map((expression, index) => [expression, outcomes[index]])));
    });
    this.#turn = asked.catch(() => undefined);
    return asked;
  }

  async #ask(question: Question, clock: Pick<Clock, 'sleep'>): Promise<readonly Outcome[]> {
    if (question.sources.length === 0) return [];
    this.#thread ??= started();
    let thread: Worker | undefined;
    try {
      thread = await this.#thread;
      return JSON.parse(await answerOf(thread, question, clock)) as readonly Outcome[];
    } catch (error) {
      this.#thread = undefined;
      // Before the next one starts: what it holds is much.
      await thread?.terminate();
      throw error;
    }
  }
}

async function started(): Promise<Worker> {
  const thread = new Worker(new URL('./cel-thread.ts', import.meta.url), { env: {}, execArgv: [], resourceLimits });
  // Rejects when the thread fails first.
  await once(thread, 'message');
  // It is told to whoever waits for an answer; to nobody when nobody does.
  thread.on('error', () => {});
  thread.unref();
  return thread;
}

async function answerOf(thread: Worker, question: Question, clock: Pick<Clock, 'sleep'>): Promise<string> {
  thread.postMessage(question);
  const over = new AbortController();
  const overdue = clock.sleep(limitMs, over.signal).then(() => {
    throw new TookTooLong(limitMs);
  });
  thread.ref();
  try {
    const answer = once(thread, 'message', { signal: over.signal });
    const [text] = (await Promise.race([answer, overdue])) as [string];
    return text;
  } finally {
    over.abort();
    thread.unref();
  }
}

function valuesOf(outcomes: ReadonlyMap<Expression, Outcome | undefined>): Values {
  return (expression) => {
    const outcome = outcomes.get(expression);
    if (outcome === undefined) throw new Error('was not evaluated');
    if ('error' in outcome) throw new Error(outcome.error);
    return outcome.value;
  };
}
