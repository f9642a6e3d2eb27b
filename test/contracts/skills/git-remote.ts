import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen } from '../../lab/parts/listen.ts';

/** A bare repository `acme/shop` behind git's own HTTP backend on a loopback port. */
export interface GitRemoteFixture {
  readonly baseUrl: string;
  readonly folder: string;
  /** Runs git in the bare repository. */
  git(args: readonly string[], input?: string): string;
  /** Commits whole files on a branch (null deletes) and answers the commit's id. */
  commit(branch: string, files: Readonly<Record<string, string | Uint8Array | null>>, message: string): string;
  read(revision: string, path: string): string | undefined;
  /** Method and path of every request so far. */
  readonly requests: string[];
  readonly authorizations: Set<string>;
  close(): Promise<void>;
}

const identity = {
  GIT_AUTHOR_NAME: 'Dev',
  GIT_AUTHOR_EMAIL: 'dev@example.com',
  GIT_COMMITTER_NAME: 'Dev',
  GIT_COMMITTER_EMAIL: 'dev@example.com',
};

export async function startGitRemote(): Promise<GitRemoteFixture> {
  const root = mkdtempSync(join(tmpdir(), 'threehops-remote-'));
  const folder = join(root, 'acme', 'shop.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', folder]);
  const env = { ...process.env, ...identity, GIT_INDEX_FILE: join(root, 'index') };
  const git = (args: readonly string[], input?: string | Uint8Array): string =>
    execFileSync('git', args, { cwd: folder, env, input: input ?? '', encoding: 'utf8', stdio: 'pipe' }).trim();
  git(['config', 'http.receivepack', 'true']);
  git(['config', 'receive.denyNonFastForwards', 'true']);
  const requests: string[] = [];
  const authorizations = new Set<string>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    authorizations.add(request.headers.authorization ?? '');
    serve(root, request, response);
  });
  const port = await listen(server);
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    folder,
    git,
    commit: (branch, files, message) => commit(git, branch, files, message),
    read: (revision, path) => attempt(() => git(['show', `${revision}:${path}`])),
    requests,
    authorizations,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

type RunGit = (args: readonly string[], input?: string | Uint8Array) => string;

function commit(
  git: RunGit,
  branch: string,
  files: Readonly<Record<string, string | Uint8Array | null>>,
  message: string,
): string {
  const parent = attempt(() => git(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]));
  git(['read-tree', ...(parent === undefined ? ['--empty'] : [parent])]);
  for (const [path, content] of Object.entries(files)) {
    const blob = content === null ? '0'.repeat(40) : git(['hash-object', '-w', '--stdin'], content);
    git(['update-index', '--index-info'], `${content === null ? '0' : '100644'} ${blob}\t${path}\n`);
  }
  const made = git([
    'commit-tree',
    git(['write-tree']),
    ...(parent === undefined ? [] : ['-p', parent]),
    '-m',
    message,
  ]);
  git(['update-ref', `refs/heads/${branch}`, made]);
  return made;
}

function attempt(run: () => string): string | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'dev',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const answer = Buffer.concat(chunks);
    const split = answer.indexOf('\r\n\r\n');
    for (const line of answer.subarray(0, split).toString().split('\r\n')) {
      const [name = '', value = ''] = line.split(': ', 2);
      if (name === 'Status') response.statusCode = Number(value.slice(0, 3));
      else if (name !== '') response.setHeader(name, value);
    }
    response.end(answer.subarray(split + 4));
  });
}
