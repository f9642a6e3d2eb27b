import type { Server } from 'node:http';

/** Listens on a free port of a loopback address and answers it. */
export async function listen(server: Server, address = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, address, resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port was given');
  return bound.port;
}

/** Listens on a free loopback port until the signal aborts, and answers it. */
export async function listenUntil(server: Server, signal: AbortSignal): Promise<number> {
  const port = await listen(server);
  const close = (): void => void closeServer(server);
  if (signal.aborted) close();
  else signal.addEventListener('abort', close, { once: true });
  return port;
}

/** Closes a server together with the connections that clients keep open. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
