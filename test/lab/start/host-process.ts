import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Orders } from '../host/orders.ts';
import type { RunEvent } from '../host/run-events.ts';

const main = join(import.meta.dirname, '../host/main.ts');
const graceMs = 20_000;

/**
 * Runs a host and hands on what it tells, until it has ended or says that it stays. It leads a process group of its own, so that
 * Ctrl-C reaches us alone; aborting closes its standard input, upon which it ends everything that it started.
 */
export async function* hostEvents(orders: Orders, signal: AbortSignal): AsyncGenerator<RunEvent> {
  const child = spawn(process.execPath, [main, JSON.stringify(orders)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  child.stderr.pipe(process.stderr, { end: false });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const stop = (): void => {
    child.stdin.end();
    void Promise.race([exited, delay(graceMs, undefined, { ref: false })]).then(() => child.kill('SIGKILL'));
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      // The host's own line.
      const event = JSON.parse(line) as RunEvent;
      yield event;
      if (event.kind === 'Kept') {
        letGo(child);
        return;
      }
    }
    await exited;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function letGo(child: ReturnType<typeof spawn>): void {
  child.stdin?.destroy();
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}
