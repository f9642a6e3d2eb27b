import { exitCodeOf, exitCodes, type RunResult } from '../host/run-result.ts';
import type { Orders } from '../host/orders.ts';
import { hostEvents } from './host-process.ts';
import { inkFor } from './ink.ts';
import { LiveFooter } from './live-footer.ts';
import { screenOn } from './screen.ts';
import { Story } from './story.ts';
import { Teller } from './teller.ts';

const interrupted = 130;

/** Runs the host and shows what it tells. Answers the exit code. */
export async function run(orders: Orders, json: boolean): Promise<number> {
  const stream = json ? process.stderr : process.stdout;
  const screen = screenOn(stream);
  const ink = inkFor(stream);
  const now = (): number => performance.now();
  const teller = new Teller(screen, ink, now);
  const footer = new LiveFooter(screen, ink, now);
  const ticker = setInterval(() => footer.tick(), 120);
  const interrupt = interruption(() => teller.tell('stopping: ending every process of the lab'));
  try {
    const { result, failure } = await watch(orders, new Story(teller, footer), interrupt);
    if (result === undefined && !interrupt.aborted) teller.tell(failure, (text) => ink('red', text));
    if (json) process.stdout.write(`${JSON.stringify(result === undefined ? nothing(failure) : publicOf(result))}\n`);
    if (interrupt.aborted) return interrupted;
    return result === undefined ? exitCodes.Error : exitCodeOf(result);
  } finally {
    clearInterval(ticker);
    screen.close();
  }
}

async function watch(orders: Orders, story: Story, interrupt: AbortSignal) {
  let result: RunResult | undefined;
  let failure = 'the host ended without a result';
  for await (const event of hostEvents(orders, interrupt)) {
    story.show(event);
    if (event.kind === 'Result') result = event.result;
    if (event.kind === 'Failed') failure = event.message;
  }
  return { result, failure };
}

/** The first Ctrl-C ends the lab in order; a second one ends us, upon which the lab ends as well. */
function interruption(tell: () => void): AbortSignal {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      tell();
      interrupt.abort();
    });
  }
  return interrupt.signal;
}

function publicOf(result: RunResult): object {
  const { phase, outcome, rootCause, iterations, pullRequest, history, healed, seconds, alert } = result;
  const told = { phase, outcome, rootCause, iterations, pullRequest, history, healed, seconds };
  return alert === undefined ? told : { ...told, alert };
}

/** The same shape where there is no result. */
function nothing(error: string): object {
  const none = { rootCause: null, iterations: 0, pullRequest: null, history: [], healed: false, seconds: 0 };
  return { phase: 'Error', outcome: 'Error', ...none, error };
}
