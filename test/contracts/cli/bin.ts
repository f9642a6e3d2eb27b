import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

export type Environment = Readonly<Record<string, string>>;

export const root = fileURLToPath(new URL('../../..', import.meta.url));
const { bin } = createRequire(import.meta.url)('../../../package.json') as { bin: Record<string, string> };

/** Nothing of the tests' own environment but where programs are. */
const bare = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };

/** What `npx threehops` runs, or npx itself. */
function commandLine(args: readonly string[], byNpx: boolean): readonly [string, string[]] {
  if (byNpx) return ['npx', ['--no', 'threehops', ...args]];
  return [process.execPath, [bin['threehops'] ?? '', ...args]];
}

/** A client of `threehops mcp ...` on its standard streams. */
export async function overStdio(args: readonly string[], env: Environment = {}, byNpx = false): Promise<Client> {
  const [command, words] = commandLine(['mcp', ...args], byNpx);
  const transport = new StdioClientTransport({ command, args: words, cwd: root, env: { ...bare, ...env } });
  return connected(transport as Transport);
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `threehops ...` to its end. */
export async function runBin(args: readonly string[], env: Environment = {}): Promise<Ended> {
  const child = spawnBin(args, env);
  const read = { stdout: '', stderr: '' };
  child.stdout?.on('data', (data: Buffer) => (read.stdout += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (read.stderr += data.toString()));
  return { code: await exitOf(child), ...read };
}

export interface Listening extends AsyncDisposable {
  readonly url: string;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
}

/** `threehops mcp ... --http 0`, once it says where it listens. */
export async function listening(args: readonly string[], env: Environment = {}): Promise<Listening> {
  const child = spawnBin(['mcp', ...args, '--http', '0'], env);
  const exited = exitOf(child);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let said = '';
  child.stderr?.on('data', (data: Buffer) => {
    said += data.toString();
    const url = /listening on (\S+)/.exec(said)?.[1];
    if (url !== undefined) resolve(url);
  });
  void exited.then((code) => reject(new Error(`ended with ${code}: ${said}`)));
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM');
    return exited;
  };
  return { url: await promise, stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

export function overHttp(url: string): Promise<Client> {
  return connected(new StreamableHTTPClientTransport(new URL(url)) as Transport);
}

async function connected(transport: Transport): Promise<Client> {
  const client = new Client({ name: 'tests', version: '1' });
  await client.connect(transport);
  return client;
}

function spawnBin(args: readonly string[], env: Environment): ChildProcess {
  const [command, words] = commandLine(args, false);
  return spawn(command, words, { cwd: root, env: { ...bare, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve));
}
