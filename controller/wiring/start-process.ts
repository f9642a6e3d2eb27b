import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StdioServer } from '../config/config.ts';
import { StartRefused, type StartProcess } from '../mcp/foreign-server.ts';
import { bubblewrapSandbox } from '../sandbox/bubblewrap-sandbox.ts';
import { removeWritten } from '../sandbox/give-away.ts';
import { SandboxError, type Sandbox, type SandboxedProcess } from '../sandbox/sandbox.ts';
import type { Parts } from './parts.ts';

/** The sandbox of this machine, by the operator's configuration. */
export function sandboxOf({ config, clock }: Pick<Parts, 'config' | 'clock'>): Sandbox {
  const { bubblewrap, libraryPath } = config.sandbox;
  return bubblewrapSandbox({
    bwrap: bubblewrap,
    bwrapEnv: libraryPath === '' ? {} : { LD_LIBRARY_PATH: libraryPath },
    clock,
  });
}

/** Starts the stdio servers of the configuration, in the sandbox alone: without one there are none. */
export function startProcess(parts: Pick<Parts, 'config' | 'clock'>): StartProcess {
  const sandbox = sandboxOf(parts);
  return async (name, credentials, signal) => {
    const entry = Object.hasOwn(parts.config.toolServers, name) ? parts.config.toolServers[name] : undefined;
    if (entry === undefined) throw new StartRefused(`the operator's configuration has no toolServers.${name}`);
    try {
      return await start(sandbox, entry, credentials, signal);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      throw new StartRefused(`there is no sandbox to start it in: ${error.message}`, { cause: error });
    }
  };
}

async function start(
  sandbox: Sandbox,
  entry: StdioServer,
  credentials: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<SandboxedProcess> {
  const { command, env, secretEnv, readOnly, network, memoryMiB, pids } = entry;
  const secrets = Object.entries(credentials).filter(([key]) => secretEnv.includes(key));
  const workdir = await mkdtemp(join(tmpdir(), 'threehops-server-'));
  const remove = (): Promise<void> => removeWritten(workdir);
  try {
    const process = await sandbox.start(
      {
        command,
        workdir,
        memoryMiB,
        pids,
        network: network ? 'Host' : 'None',
        env: { ...env, ...Object.fromEntries(secrets) },
        readOnly: readOnly.map((path) => ({ from: path, to: path })),
      },
      signal,
    );
    process.exited.then(remove, remove).catch(() => undefined);
    return process;
  } catch (error) {
    await remove();
    throw error;
  }
}
