import { spawn } from 'node:child_process';
import type { IncomingHttpHeaders } from 'node:http';
import { gitEnvironment } from '../git/git.ts';
import type { Answer } from './answer.ts';

export interface BackendRequest {
  readonly projectRoot: string;
  /** `/OWNER/REPOSITORY.git/SERVICE` */
  readonly pathInfo: string;
  readonly method: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly login: string;
  readonly signal: AbortSignal;
}

/** Runs git's own HTTP backend as a CGI program, to its end. */
export async function runBackend(request: BackendRequest): Promise<Answer> {
  const child = spawn('git', ['http-backend'], {
    env: environment(request),
    signal: request.signal,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(request.body);
  await new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
  return parseCgi(Buffer.concat(output));
}

function environment(request: BackendRequest): NodeJS.ProcessEnv {
  const { headers, body } = request;
  return {
    ...gitEnvironment(),
    GIT_PROJECT_ROOT: request.projectRoot,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    PATH_INFO: request.pathInfo,
    REQUEST_METHOD: request.method,
    QUERY_STRING: request.query,
    CONTENT_TYPE: headers['content-type'] ?? '',
    CONTENT_LENGTH: String(body.length),
    REMOTE_USER: request.login,
    REMOTE_ADDR: '127.0.0.1',
  };
}

function parseCgi(output: Buffer): Answer {
  const end = output.indexOf('\r\n\r\n');
  if (end < 0) return { status: 500, type: 'text/plain', body: Buffer.from('git http-backend gave no answer\n') };
  const pairs = output
    .toString('latin1', 0, end)
    .split('\r\n')
    .map((line) => line.split(/:\s*/, 2));
  const { status = '200', ...headers } = Object.fromEntries(
    pairs.map(([name = '', value = '']) => [name.toLowerCase(), value]),
  );
  return { status: Number.parseInt(status, 10), headers, body: output.subarray(end + 4) };
}
