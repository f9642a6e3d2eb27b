import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

const largest = 256 * 1024 * 1024;

export class BodyTooLarge extends Error {
  constructor() {
    super(`a request body may have ${largest} bytes`);
    this.name = 'BodyTooLarge';
  }
}

/** The whole body, unpacked when it came gzipped. @throws BodyTooLarge */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  return message.headers['content-encoding'] === 'gzip' ? gunzipSync(body, { maxOutputLength: largest }) : body;
}
