import { once } from 'node:events';
import { connect } from 'node:net';
import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { launch, type LaunchedProcess } from './launch.ts';
import type { ContainerStart } from './running-container.ts';

/** True when the container is fine. Rejects only when aborted. */
export type Probe = (signal: AbortSignal) => Promise<boolean>;

/**
 * The container's own health check, undefined when it has none. A curl or wget of the container's port on localhost is done by the lab
 * as an HTTP GET of the port that stands for it here (an answer below 400 is healthy); every other command is run as Docker
 * would, in the container's folder, environment and memory, and is healthy when it ends with 0.
 */
export function healthProbe(start: ContainerStart): Probe | undefined {
  const { definition, port } = start.record;
  const [kind, ...words] = definition.healthCheck?.command ?? [];
  if (kind === undefined || kind === 'NONE') return undefined;
  const path = port === undefined ? undefined : pathAsked(words.join(' '), definition);
  if (path !== undefined) return (signal) => answersBelow400(`http://127.0.0.1:${port}${path}`, signal);
  const command = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', words.join(' ')] : words;
  return (signal) => endsWith0(start, command, signal);
}

/** Whether the container's port takes connections. */
export function portProbe(port: number): Probe {
  return async (signal) => {
    const socket = connect({ host: '127.0.0.1', port, signal });
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      signal.throwIfAborted();
      return false;
    } finally {
      socket.destroy();
    }
  };
}

const localGet = /\b(?:curl|wget)\b.*?https?:\/\/(?:localhost|127\.0\.0\.1)(?::(\d+|\$\{?PORT\}?))?(\/[^\s'"|;&)]*)?/;

function pathAsked(command: string, { portMappings }: ContainerDefinition): string | undefined {
  const match = localGet.exec(command);
  if (match === null) return undefined;
  const [, port, path = '/'] = match;
  const isOurs = port === undefined || port.startsWith('$') || Number(port) === portMappings?.[0]?.containerPort;
  return isOurs ? path : undefined;
}

async function answersBelow400(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal, redirect: 'manual' });
    await response.body?.cancel();
    return response.status < 400;
  } catch {
    return false;
  }
}

async function endsWith0(start: ContainerStart, command: readonly string[], signal: AbortSignal): Promise<boolean> {
  const { cwd, env, memory } = start;
  let child: LaunchedProcess | undefined;
  const stop = (): void => void child?.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  try {
    child = launch({ command, cwd, env, procsFile: memory.procsFile });
    child.stdout.resume();
    child.stderr.resume();
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0;
  } catch {
    return false;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
