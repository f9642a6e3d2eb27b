import { skillController } from '../extensions/skill-controller.ts';
import { toolServerController } from '../extensions/tool-server-controller.ts';
import { sessionController } from '../session/session-controller.ts';
import { HealthServer } from '../telemetry/health.ts';
import { topologyController } from '../topology/topology-controller.ts';
import { addressOf } from './address.ts';
import { startApi } from './api.ts';
import { removeLeftovers } from './check-runner.ts';
import { wire, type Wired } from './dependencies.ts';
import type { Parts } from './parts.ts';
import { workUntilStopped } from './work-until-stopped.ts';

/** Runs until the signal aborts: caches and health at once, controllers while leading. */
export async function runOperator(parts: Parts, signal: AbortSignal): Promise<void> {
  const { cache, events, locks, log, election, config } = parts;
  const wired = wire(parts);
  const [health, api] = await Promise.all([startHealth(parts), startApi(parts, wired, signal)]);
  log.info('serving', { health: health.url, api: api.url });
  // Events and caches outlive the controllers: what is told last must still be sent.
  const background = new AbortController();
  const running = [cache.run(background.signal), events.run(background.signal)];
  try {
    await cache.synced(signal);
    log.info('caches are synced');
    const work = (leading: AbortSignal, lost: AbortSignal): Promise<void> => lead(parts, wired, leading, lost);
    if (config.leaderElection.enabled) await election.run(work, signal);
    else await work(signal, new AbortController().signal);
  } finally {
    await wired.close();
    await events.flush(AbortSignal.timeout(2000));
    background.abort();
    await Promise.allSettled([...running, locks.run(AbortSignal.abort())]);
    await Promise.all([health.stop(), api.stop()]);
    await parts.client.close();
  }
}

async function lead(parts: Parts, wired: Wired, signal: AbortSignal, lost: AbortSignal): Promise<void> {
  const { queue, ownWrites, sessions, approvals, topologies, log, metrics, config, client, clock } = parts;
  const refusal = await wired.deps.policies.refusal(signal).catch((error: unknown) => String(error));
  if (refusal !== undefined) log.warn('no act will be made', { reason: refusal });
  await removeLeftovers(parts, signal);
  const controllers = [
    sessionController({
      deps: wired.deps,
      queue,
      ownWrites,
      sessions,
      approvals,
      topologies,
      workers: config.workers,
      log,
      metrics,
    }),
    topologyController({
      client,
      informer: topologies,
      sessions,
      declaredSkills: parts.declaredSkills,
      skills: wired.skills,
      announce: (topology, { type, reason, message }) =>
        parts.events.record(topology, { type, reason, action: 'Resolve', note: message }),
      clock,
      log,
      metrics,
    }),
    toolServerController({
      client,
      informer: parts.toolServers,
      ...wired.servers,
      checkMs: config.timings.toolServerCheckSeconds * 1000,
      clock,
      log,
      metrics,
    }),
    skillController({
      client,
      informer: parts.declaredSkills,
      toolServers: parts.toolServers,
      skills: wired.skills,
      clock,
      log,
      metrics,
    }),
  ];
  const graceMs = config.timings.shutdownSeconds * 1000;
  await workUntilStopped(
    { controllers, runner: wired.deps.runner, locks: parts.locks, clock, log, graceMs },
    signal,
    lost,
  );
}

function startHealth({ config, cache, metrics }: Parts): Promise<HealthServer> {
  return HealthServer.start({
    ...addressOf(config.metricsAddress),
    live: {},
    ready: { caches: () => (cache.hasSynced ? undefined : 'the caches have not synced') },
    metrics,
  });
}
