import type { CloudWatchSettings } from './parameters.ts';

const errorLevels = ['error', 'ERROR', 'Error', 'fatal', 'FATAL', 'critical', 'CRITICAL', 'panic', 'emergency'];

/**
 * Lines that report an error: by the pattern of the map, else by a `level` (50 and 60 are pino's and bunyan's numbers), else
 * (lines without one) by well-known words.
 */
export function errorFilter({ errorPattern }: CloudWatchSettings): string {
  if (errorPattern !== undefined) return `filter @message like /${errorPattern}/`;
  const levels = errorLevels.map((level) => JSON.stringify(level)).join(', ');
  const words = '/(?i)\\b(error|exception|fatal|panic|traceback)\\b/';
  return `filter level in [${levels}] or level = 50 or level = 60 or (not ispresent(level) and @message like ${words})`;
}

export function linesPerBin(binSeconds: number): string {
  return `stats count(*) as n by bin(${binSeconds}s)`;
}

export function requestsPerBin({ statusField }: CloudWatchSettings, binSeconds: number): string {
  return `filter ispresent(${statusField}) | ${linesPerBin(binSeconds)}`;
}

export function failedRequestsPerBin({ statusField }: CloudWatchSettings, binSeconds: number): string {
  return `filter ${statusField} >= 500 | ${linesPerBin(binSeconds)}`;
}

export function errorLinesPerBin(settings: CloudWatchSettings, binSeconds: number): string {
  return `${errorFilter(settings)} | ${linesPerBin(binSeconds)}`;
}

export function latencyPerBin({ latencyField }: CloudWatchSettings, binSeconds: number): string {
  return `filter ispresent(${latencyField}) | stats pct(${latencyField}, 95) as n by bin(${binSeconds}s)`;
}

/** Error lines, the newest (`desc`) or the oldest (`asc`) first, cut where they are longest. */
export function errorLines(settings: CloudWatchSettings, order: 'asc' | 'desc'): string {
  return `fields @timestamp, substr(@message, 0, 4000) as text | ${errorFilter(settings)} | sort @timestamp ${order}`;
}
