import { createServer } from 'node:net';

/** Below the kernel's range for outgoing connections, which could otherwise take a task's port before the task does. */
const first = 20_000;
const count = 10_000;

/** Gives out free loopback ports, each to one container at a time. */
export class TaskPorts {
  readonly #taken = new Set<number>();
  #next = first + Math.floor(Math.random() * count);

  async take(): Promise<number> {
    for (let tries = 0; tries < count; tries += 1) {
      const port = this.#next;
      this.#next = port + 1 < first + count ? port + 1 : first;
      if (this.#taken.has(port) || !(await isFree(port))) continue;
      this.#taken.add(port);
      return port;
    }
    throw new Error(`no port from ${first} to ${first + count - 1} is free`);
  }

  giveBack(port: number): void {
    this.#taken.delete(port);
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
  });
  if (listening) await new Promise<void>((resolve) => server.close(() => resolve()));
  return listening;
}
