import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../kube/clock.ts';
import type { ToolClient, ToolClientOptions } from './client.ts';
import { connectStream, type ServerProcess } from './stream-client.ts';

export interface StdioOptions extends ToolClientOptions {
  /** The server's program and arguments: the operator's own, never from a resource. */
  readonly command: readonly string[];
  /** All that its environment holds. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Who runs it, where we are root and may choose; ourselves without it. */
  readonly uid?: number;
}

/**
 * Starts an MCP server as a process of its own, outside any sandbox, spoken to on its standard streams. Closing the client ends it.
 * @throws ToolUnavailable, ToolTimeout; the signal's reason.
 */
export async function connectStdio(options: StdioOptions, signal: AbortSignal): Promise<ToolClient> {
  return connectStream(startServer(options), options, signal);
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

function startServer({ command, env, cwd, uid, clock }: StdioOptions): ServerProcess {
  const [program = '', ...args] = [...(uid === undefined ? [] : asUser(uid)), ...command];
  const child = spawn(program, args, { env, cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  // One that cannot be started has ended.
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  let ending: Promise<void> | undefined;
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    exited,
    kill: () => (ending ??= end(child, exited, clock)),
  };
}

function asUser(uid: number): readonly string[] {
  return ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--inh-caps=-all', '--no-new-privs', '--'];
}

/** For putting away what the server has started itself, such as a browser, and again for what it does on being told plainly. */
const graceMs = 2000;

/** First by the end of its input, then by signals. */
async function end(child: Child, exited: Promise<void>, clock: Clock): Promise<void> {
  child.stdin.end();
  const cancels = (['SIGTERM', 'SIGKILL'] as const).map((signal, index) =>
    clock.timer((index + 1) * graceMs, () => child.kill(signal)),
  );
  await exited;
  for (const cancel of cancels) cancel();
}
