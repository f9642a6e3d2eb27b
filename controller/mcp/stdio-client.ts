import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ToolClient, type ToolClientOptions } from './client.ts';

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
 * Starts an MCP server as a process of its own, spoken to on its standard streams. Closing the client ends it: first by the end of
 * its input, then by signals.
 * @throws ToolUnavailable, ToolTimeout; the signal's reason.
 */
export async function connectStdio(options: StdioOptions, signal: AbortSignal): Promise<ToolClient> {
  const { command, env, cwd, uid } = options;
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  // The SDK adds variables of its own choice to what it is given: `env -i` takes them away again.
  const args = ['-i', ...variables, ...(uid === undefined ? [] : asUser(uid)), ...command];
  const transport = new StdioClientTransport({ command: '/usr/bin/env', args, env: {}, cwd, stderr: 'ignore' });
  try {
    return await ToolClient.connect(transport, options, signal);
  } catch (error) {
    await transport.close();
    throw error;
  }
}

function asUser(uid: number): readonly string[] {
  return ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--inh-caps=-all', '--no-new-privs', '--'];
}
