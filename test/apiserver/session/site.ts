import { createServer } from 'node:http';
import { closeServer, listen } from '../../lab/parts/listen.ts';

export interface Site {
  readonly url: string;
  /** What `/changing` answers. */
  status: number;
  stop(): Promise<void>;
}

const huge = 50 * 1024 * 1024;

/** A web site with all kinds of pages: good, broken, silent, endless. */
export async function startSite(): Promise<Site> {
  const server = createServer((request, response) => {
    switch (request.url) {
      case '/silent':
        return;
      case '/huge':
        response.writeHead(200, { 'content-length': String(huge) });
        response.end(Buffer.alloc(huge, 'x'));
        return;
      case '/rubbish':
        response.socket?.end('this is no HTTP\r\n\r\n');
        return;
      case '/changing':
        response.writeHead(site.status).end('changing');
        return;
      default:
        response.end('fine');
    }
  });
  const port = await listen(server);
  const site: Site = {
    url: `http://127.0.0.1:${port}`,
    status: 200,
    stop: () => closeServer(server),
  };
  return site;
}
