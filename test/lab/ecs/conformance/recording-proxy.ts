import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listen } from '../../parts/listen.ts';

/** A call and its answer as they went over the wire. */
export interface Exchange {
  readonly operation: string;
  readonly status: number;
  readonly body: unknown;
}

export interface RecordingProxy {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

/** Stands before an AWS JSON endpoint and keeps every answer that clients got from it. */
export async function recordingProxy(target: string): Promise<RecordingProxy> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      const headers = { 'x-amz-target': String(request.headers['x-amz-target']) };
      const answer = await fetch(target, { method: 'POST', headers, body: await text(request) });
      const body = await answer.text();
      exchanges.push({ operation, status: answer.status, body: JSON.parse(body) as unknown });
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
    })().catch(() => response.destroy());
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, exchanges, close: () => closeServer(server) };
}
