import type { IncomingMessage } from 'node:http';

/** The body is larger than is taken. */
export class BodyTooLarge extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BodyTooLarge';
  }
}

/** A request's body as text; nothing beyond the limit is kept. @throws BodyTooLarge; what breaks the connection; the signal's reason. */
export async function readBody(request: IncomingMessage, maxBytes: number, signal: AbortSignal): Promise<string> {
  const tooLarge = (): BodyTooLarge => new BodyTooLarge(`the body is larger than ${maxBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const onAbort = (): void => void request.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
    signal.throwIfAborted();
    return Buffer.concat(chunks).toString();
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
