import { round } from '../lib/statistics.ts';
import { type LambdaLook, metric, type Told } from './finding.ts';
import { firstAbove, sum } from './metrics.ts';

export function iteratorAge({ settings, metrics, fn }: LambdaLook): Told | undefined {
  const seconds = round((metrics.iteratorAge.at(-1)?.[1] ?? 0) / 1000, 1);
  if (seconds <= settings.maxIteratorAgeSeconds) return undefined;
  return {
    reason: 'IteratorAgeHigh',
    severity: 'Warning',
    summary: `the newest record that was read from its stream is ${seconds} s old`,
    value: seconds,
    threshold: settings.maxIteratorAgeSeconds,
    unit: 's',
    since: firstAbove(metrics.iteratorAge, settings.maxIteratorAgeSeconds * 1000),
    source: metric('IteratorAge MAX'),
    facts: { eventSources: fn.eventSources.map(({ source, state }) => `${source} ${state}`) },
  };
}

export function deadLetters({ fn, metrics }: LambdaLook): Told | undefined {
  const lost = sum(metrics.deadLetterErrors);
  if (lost === 0) return undefined;
  return {
    reason: 'DeadLetters',
    severity: 'Warning',
    summary: `${lost} events were given up and could not even be written to ${fn.live.deadLetterTarget ?? 'the dead-letter target'}`,
    value: lost,
    threshold: 0,
    unit: 'events',
    since: firstAbove(metrics.deadLetterErrors, 0),
    source: metric('DeadLetterErrors SUM'),
    facts: { deadLetterTarget: fn.live.deadLetterTarget ?? null },
  };
}

/** Callers who do not wait for an answer are told nothing of it. */
export function eventsDropped({ fn, metrics }: LambdaLook): Told | undefined {
  const dropped = sum(metrics.dropped);
  if (dropped === 0) return undefined;
  return {
    reason: 'AsyncEventsDropped',
    severity: 'Warning',
    summary: `${dropped} asynchronous events were given up without having been handled`,
    value: dropped,
    threshold: 0,
    unit: 'events',
    since: firstAbove(metrics.dropped, 0),
    source: metric('AsyncEventsDropped SUM'),
    facts: { deadLetterTarget: fn.live.deadLetterTarget ?? null },
  };
}

export function destinationFailed({ metrics }: LambdaLook): Told | undefined {
  const lost = sum(metrics.undelivered);
  if (lost === 0) return undefined;
  return {
    reason: 'DestinationDeliveryFailed',
    severity: 'Warning',
    summary: `${lost} records of invocations could not be written to the function's destination`,
    value: lost,
    threshold: 0,
    unit: 'events',
    since: firstAbove(metrics.undelivered, 0),
    source: metric('DestinationDeliveryFailures SUM'),
  };
}
