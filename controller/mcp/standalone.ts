import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { serveTools, type ToolAccess } from './server.ts';
import type { EmbeddedServer, ServerConnection } from './tool.ts';

export interface StandaloneOptions {
  readonly access: ToolAccess;
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Runs an embedded server alone, spoken to on its standard streams: nothing else may be written to `output`. Ends when the
 * signal aborts or the input ends.
 */
export async function serveStandalone(
  embedded: EmbeddedServer,
  connection: ServerConnection,
  options: StandaloneOptions,
  signal: AbortSignal,
): Promise<void> {
  const backend = embedded.connect(connection);
  const ended = Promise.withResolvers<void>();
  const end = (): void => ended.resolve();
  const server = serveTools(embedded, backend, options.access);
  server.onclose = end;
  signal.addEventListener('abort', end, { once: true });
  options.input.once('end', end).once('close', end);
  try {
    await server.connect(new StdioServerTransport(options.input, options.output));
    if (!signal.aborted) await ended.promise;
  } finally {
    signal.removeEventListener('abort', end);
    await server.close();
    await embedded.close?.(backend);
  }
}
