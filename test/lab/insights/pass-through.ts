import { request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** Sends a request on as it came, headers and all, and its answer back; a caller that hangs up ends the request to moto too. */
export async function passThrough(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const { method, rawHeaders } = request;
  const onward = send({ host: url.hostname, port: url.port, path: request.url, method, headers: rawHeaders });
  response.once('close', () => onward.destroy());
  const answered = new Promise<IncomingMessage>((resolve, reject) =>
    onward.once('response', resolve).once('error', reject),
  );
  const [answer] = await Promise.all([answered, pipeline(request, onward)]);
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
  await pipeline(answer, response);
}
