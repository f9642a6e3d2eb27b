import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A named check: resolves with why not, or with undefined when all is well. Must be quick. */
export type Check = () => string | undefined;

export interface HealthServerOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Whether the process should live on: `/healthz`. */
  readonly live: Readonly<Record<string, Check>>;
  /** Whether it can do its work: `/readyz`. */
  readonly ready: Readonly<Record<string, Check>>;
  readonly metrics: { text(): Promise<string>; readonly contentType: string };
}

/** Serves `/healthz`, `/readyz` and `/metrics`. */
export class HealthServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Resolves once it listens; rejects when the address cannot be had. */
  static async start(options: HealthServerOptions): Promise<HealthServer> {
    const server = createServer((request, response) => void answer(options, request, response));
    server.requestTimeout = 10_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, resolve);
    });
    return new HealthServer(server);
  }

  /** `http://host:port`. */
  get url(): string {
    const { address, family, port } = this.#server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

async function answer(options: HealthServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'method not allowed\n');
  switch (request.url?.split('?', 1)[0]) {
    case '/healthz':
      return answerChecks(response, options.live);
    case '/readyz':
      return answerChecks(response, options.ready);
    case '/metrics':
      return answerMetrics(response, options.metrics);
    default:
      return send(response, 404, 'not found\n');
  }
}

/** 200 when every check is well, else 503; a line for each either way. */
function answerChecks(response: ServerResponse, checks: Readonly<Record<string, Check>>): void {
  const results = Object.entries(checks).map(([name, check]) => ({ name, why: run(check) }));
  const lines = results.map(({ name, why }) => (why === undefined ? `[+] ${name} ok` : `[-] ${name}: ${why}`));
  const well = results.every(({ why }) => why === undefined);
  send(response, well ? 200 : 503, `${lines.join('\n')}\n${well ? 'ok' : 'not ok'}\n`);
}

function run(check: Check): string | undefined {
  try {
    return check();
  } catch (error) {
    return error instanceof Error ? error.name : 'the check failed';
  }
}

async function answerMetrics(response: ServerResponse, metrics: HealthServerOptions['metrics']): Promise<void> {
  try {
    send(response, 200, await metrics.text(), metrics.contentType);
  } catch {
    send(response, 500, 'the metrics could not be collected\n');
  }
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
