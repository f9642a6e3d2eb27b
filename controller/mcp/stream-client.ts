import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { JSONRPCMessageSchema, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { ToolClient, type ToolClientOptions } from './client.ts';
import { wireFactor } from './remote-client.ts';

/** A server that runs for us and speaks MCP on its standard streams, a message a line. */
export interface ServerProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Settles when it has ended, by whatever. */
  readonly exited: Promise<unknown>;
  /** Ends it and all that it started; resolves when they are gone. */
  kill(): Promise<void>;
}

/**
 * Connects to a server that was started for this client alone; it is ended with the connection.
 * @throws ToolUnavailable, ToolTimeout; the signal's reason.
 */
export async function connectStream(
  process: ServerProcess,
  options: ToolClientOptions,
  signal: AbortSignal,
): Promise<ToolClient> {
  const maxBytes = wireFactor * (options.maxBytes ?? 4 * 1024 * 1024);
  return ToolClient.connect(streamTransport(process, maxBytes) as Transport, options, signal);
}

/** Not the SDK's: that one keeps a line without an end until memory is full. */
function streamTransport(process: ServerProcess, maxBytes: number): Transport {
  const transport: Transport = {
    async start() {
      process.stdout.on('data', (chunk: Buffer) => lines.add(chunk));
      // What cannot be written is answered by the process's end.
      process.stdin.on('error', () => undefined);
      void process.exited.then(close, close);
    },
    async send(message) {
      process.stdin.write(`${JSON.stringify(message)}\n`);
      // One that does not read what it makes us say is not spoken to any more.
      if (process.stdin.writableLength > maxBytes) await close();
    },
    close,
  };
  let closed = false;
  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    transport.onclose?.();
    // One that was never started, or cannot be ended, rejects here: nobody waits who could do more about it.
    await process.kill().catch(() => undefined);
  }
  const lines = new Lines(maxBytes, (line) => {
    if (closed) return;
    const message = line === undefined ? undefined : messageOf(line);
    if (message !== undefined) transport.onmessage?.(message);
    // One that floods us is not spoken to any more.
    if (line === undefined) void close();
  });
  return transport;
}

/** Undefined for what is no message: some servers print a greeting. */
function messageOf(line: string): JSONRPCMessage | undefined {
  try {
    return JSONRPCMessageSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Cuts a stream into lines; tells undefined once a line is longer than the limit, and nothing after it. */
class Lines {
  readonly #maxBytes: number;
  readonly #tell: (line: string | undefined) => void;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number, tell: (line: string | undefined) => void) {
    this.#maxBytes = maxBytes;
    this.#tell = tell;
  }

  add(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      if (!this.#keep(rest.subarray(0, end))) return;
      const line = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      this.#bytes = 0;
      if (line.trim() !== '') this.#tell(line);
      rest = rest.subarray(end + 1);
    }
    this.#keep(rest);
  }

  #keep(part: Buffer): boolean {
    if (this.#bytes > this.#maxBytes) return false;
    this.#bytes += part.length;
    if (this.#bytes > this.#maxBytes) {
      this.#parts = [];
      this.#tell(undefined);
      return false;
    }
    this.#parts.push(part);
    return true;
  }
}
