import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerRecord } from '../model/records.ts';
import type { EcsTiming } from '../options.ts';
import { healthProbe, portProbe, type Probe } from './health-probe.ts';
import type { RunningContainer } from './running-container.ts';

/**
 * Keeps a container's `ready` and `healthStatus` up to date until aborted; calls `changed` after each change. Ready means: with a health
 * check, HEALTHY; without one but with a port, the port has taken a connection; else that it runs.
 */
export async function watchHealth(
  container: RunningContainer,
  timing: EcsTiming,
  signal: AbortSignal,
  changed: () => void,
): Promise<void> {
  const { record } = container.start;
  const probe = healthProbe(container.start);
  if (probe !== undefined) return watchChecks(record, probe, timing, signal, changed);
  if (record.port !== undefined) await untilTrue(portProbe(record.port), timing, signal);
  record.ready = record.lastStatus === 'RUNNING';
  changed();
}

async function untilTrue(probe: Probe, timing: EcsTiming, signal: AbortSignal): Promise<void> {
  while (!(await probe(signal))) await delay(timing.healthCheckStartMs, undefined, { signal });
}

/** Docker's rules: `retries` failures in a row make it UNHEALTHY, those within the start period do not count, one success mends it. */
async function watchChecks(
  record: ContainerRecord,
  probe: Probe,
  timing: EcsTiming,
  signal: AbortSignal,
  changed: () => void,
): Promise<void> {
  const rules = rulesOf(record, timing);
  const begin = Date.now();
  let failures = 0;
  for (;;) {
    const isFine = await probe(AbortSignal.any([signal, AbortSignal.timeout(rules.timeoutMs)]));
    signal.throwIfAborted();
    const counts = Date.now() - begin >= rules.startMs || record.healthStatus === 'HEALTHY';
    failures = isFine ? 0 : failures + Number(counts);
    if (isFine) show(record, 'HEALTHY', changed);
    else if (failures >= rules.retries) show(record, 'UNHEALTHY', changed);
    const isStarting = record.healthStatus === 'UNKNOWN' && !counts;
    await delay(isStarting ? Math.min(rules.intervalMs, timing.healthCheckStartMs) : rules.intervalMs, undefined, {
      signal,
    });
  }
}

function show(record: ContainerRecord, status: 'HEALTHY' | 'UNHEALTHY', changed: () => void): void {
  if (record.healthStatus === status) return;
  record.healthStatus = status;
  record.ready = status === 'HEALTHY' && record.lastStatus === 'RUNNING';
  changed();
}

function rulesOf({ definition }: ContainerRecord, timing: EcsTiming) {
  const { interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = definition.healthCheck ?? {};
  const { definitionSecondMs } = timing;
  return {
    retries,
    intervalMs: interval * definitionSecondMs,
    timeoutMs: Math.max(timeout * definitionSecondMs, timing.healthCheckTimeoutMs),
    startMs: Math.max(startPeriod * definitionSecondMs, timing.healthCheckGraceMs),
  };
}
