import type { Measured, Name, Spread, Summary } from './summary.ts';
import { spread, summarize } from './summary.ts';

export interface Result {
  /** Where and of what: lines for a person. */
  readonly about: readonly string[];
  readonly laps: readonly Measured[];
}

const titles: Readonly<Record<Name, string>> = {
  operator: 'threehops',
  reference: 'Go reference',
  bare: 'bare client',
};

/** The medians, and every lap. */
export function asJson({ laps }: Result): string {
  const { ratioToGo, shareOfRawWrites, cpuMsPerWrite, rssMiB } = summarize(laps);
  const runs = laps.map((lap) => ({
    ...lap,
    seconds: round(lap.seconds, 3),
    sessionsPerMinute: round(lap.sessionsPerMinute, 1),
    writesPerSecond: round(lap.writesPerSecond, 1),
    cpuMsPerWrite: round(lap.cpuMsPerWrite, 4),
    rssMiB: round(lap.rssMiB, 1),
    serverCpuMsPerWrite: round(lap.serverCpuMsPerWrite, 3),
  }));
  const medians = {
    ratioToGo: round(ratioToGo.median, 3),
    shareOfRawWrites: round(shareOfRawWrites.median, 3),
    cpuMsPerWrite: round(cpuMsPerWrite.median, 3),
    rssMiB: round(rssMiB.median, 1),
  };
  return JSON.stringify({ ...medians, runs }, null, 2);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Every lap, then the medians with their spread. */
export function asText({ about, laps }: Result): string {
  return [...about, '', ...table(laps), '', ...medians(laps, summarize(laps))].join('\n');
}

const head = ['round', 'who', 'sessions/min', 'writes/s', 'CPU ms/write', 'RSS MiB', 'server CPU ms/write'];

function table(laps: readonly Measured[]): readonly string[] {
  const rows = laps.map((lap) => [
    String(lap.round),
    titles[lap.name],
    lap.sessionsPerMinute.toFixed(0),
    lap.writesPerSecond.toFixed(0),
    lap.cpuMsPerWrite.toFixed(2),
    lap.rssMiB.toFixed(0),
    lap.serverCpuMsPerWrite.toFixed(2),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [head, ...rows].map(line);
}

function medians(laps: readonly Measured[], summary: Summary): readonly string[] {
  const go = laps.filter((lap) => lap.name === 'reference');
  const beside = (of: (lap: Measured) => number, digits: number): string => `Go ${told(spread(go.map(of)), digits)}`;
  return [
    `ratio to Go            ${told(summary.ratioToGo, 2)}, aim 1.0 or more`,
    `share of raw writes    ${told(summary.shareOfRawWrites, 2)}, aim 0.8 or more`,
    `CPU per write, ms      ${told(summary.cpuMsPerWrite, 2)}; ${beside((lap) => lap.cpuMsPerWrite, 2)}`,
    `RSS at the end, MiB    ${told(summary.rssMiB, 0)}; ${beside((lap) => lap.rssMiB, 0)}`,
  ];
}

function told({ median, least, most }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}
