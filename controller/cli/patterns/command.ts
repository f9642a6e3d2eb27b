import type { DebugSession } from '../../api/kinds.ts';
import { defaultConfig } from '../../config/load.ts';
import { KubeClient } from '../../kube/client.ts';
import { systemClock } from '../../kube/clock.ts';
import { contextNamespace, loadKubeConfig } from '../../kube/kube-config.ts';
import { screenWidth } from '../table.ts';
import { type PatternsOrders, readArguments, usage } from './arguments.ts';
import { patternsOf } from './patterns.ts';
import { listSessions, readSessions } from './read-sessions.ts';
import { shown } from './render.ts';

/**
 * Shows what sessions that have ended have in common.
 * @throws UsageError, and what reading the file or the cluster throws
 */
export async function patterns(argv: readonly string[], signal: AbortSignal): Promise<void> {
  const command = readArguments(argv);
  if (command.kind === 'Help') {
    console.log(usage);
    return;
  }
  const nowMs = systemClock.now().getTime();
  const { sinceSeconds, namespace, allNamespaces, file, output } = command;
  const { cameBackSeconds } = defaultConfig.timings;
  const since = sinceSeconds === undefined ? {} : { since: nowMs - sinceSeconds * 1000 };
  const sessions = await sessionsFor(command, signal);
  const found = patternsOf(sessions, { cameBackSeconds, ...since });
  const namespaces = allNamespaces || (file !== undefined && namespace === undefined);
  console.log(
    output === 'Json' ? JSON.stringify(found, undefined, 2) : shown(found, { width: screenWidth(), nowMs, namespaces }),
  );
}

async function sessionsFor(
  { file, kubeconfig, namespace, allNamespaces }: PatternsOrders,
  signal: AbortSignal,
): Promise<readonly DebugSession[]> {
  if (file !== undefined) {
    const sessions = await readSessions(file, signal);
    return namespace === undefined ? sessions : sessions.filter(({ metadata }) => metadata.namespace === namespace);
  }
  const where = allNamespaces ? undefined : (namespace ?? (await contextNamespace(kubeconfig)));
  const client = new KubeClient(await loadKubeConfig(kubeconfig));
  try {
    return await listSessions(client, where, signal);
  } finally {
    await client.close();
  }
}
