import { createServer, type IncomingHttpHeaders } from 'node:http';
import { closeServer, listen } from '../../lab/parts/listen.ts';

export interface Recorded {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server that writes down who asks it what. It answers as a Prometheus without series, or sends on to where it is told. */
export interface Recorder {
  readonly url: string;
  readonly requests: Recorded[];
  redirectTo: string | undefined;
  stop(): Promise<void>;
}

export async function startRecorder(address: string): Promise<Recorder> {
  const requests: Recorded[] = [];
  const server = createServer((request, response) => {
    // Whoever comes again asks again where to.
    response.setHeader('connection', 'close');
    requests.push({ path: request.url ?? '', headers: request.headers });
    if (recorder.redirectTo !== undefined) {
      response.writeHead(302, { location: recorder.redirectTo }).end();
      return;
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [] } }));
  });
  const port = await listen(server, address);
  const recorder: Recorder = {
    url: `http://${address}:${port}`,
    requests,
    redirectTo: undefined,
    stop: () => closeServer(server),
  };
  return recorder;
}
