import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import type { ClusterAccess } from '../cluster/access.ts';

export interface WatchedSession {
  readonly cluster: ClusterAccess;
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly name: string;
  readonly signal: AbortSignal;
}

/**
 * Tells each state of a session, as `kubectl get -w` gives them, until `isEnd` answers true for one, which is the answer. Starts again
 * when the watch ends, as watches do.
 */
export async function watchSession(
  watched: WatchedSession,
  tell: (session: DebugSession) => void,
  isEnd: (session: DebugSession) => boolean,
): Promise<DebugSession> {
  let last = '';
  for (;;) {
    for await (const session of states(watched)) {
      const { resourceVersion } = session.metadata;
      if (resourceVersion === last) continue;
      last = resourceVersion;
      tell(session);
      if (isEnd(session)) return session;
    }
    await delay(500, undefined, { signal: watched.signal });
  }
}

/** kubectl prints one indented object after the other: each ends with a line of one brace. */
async function* states({ cluster, kubeconfig, namespace, name, signal }: WatchedSession): AsyncGenerator<DebugSession> {
  const args = ['get', 'debugsessions.threehops.dev', name, '--namespace', namespace, '--watch', '--output', 'json'];
  const env = { ...process.env, KUBECONFIG: kubeconfig, HOME: cluster.dataDir };
  const child = spawn(cluster.kubectlPath, args, { env, signal, stdio: ['ignore', 'pipe', 'ignore'] });
  // Aborting or a program that cannot run ends the output, which is what is waited for.
  child.on('error', () => undefined);
  try {
    let lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line !== '}') continue;
      // The API server validated it against the CRD.
      yield JSON.parse(lines.join('\n')) as DebugSession;
      lines = [];
    }
    signal.throwIfAborted();
  } finally {
    child.kill();
  }
}
