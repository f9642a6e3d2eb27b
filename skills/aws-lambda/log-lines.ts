import type { LogTemplate } from '../../controller/evidence/finding.ts';
import { templateOf } from '../lib/log-template.ts';
import { queryLogs } from '../lib/logs-call.ts';
import { numberOf, textOf, timeOf } from '../lib/reading.ts';
import type { ProbeContext } from '../skill.ts';
import { settingsOf } from './parameters.ts';

/** Lines that Lambda itself or its runtimes write of an invocation that failed. */
const failures = '/Task timed out after|Runtime exited|Runtime\\.OutOfMemory|\\tERROR\\t|\\[ERROR\\]/';
const reports = '/^REPORT RequestId/';
const mostLines = 200;

export type FailureKind = 'TimedOut' | 'OutOfMemory' | 'Error';

export interface FailureLine {
  readonly at: string;
  readonly kind: FailureKind;
  readonly text: string;
}

/** A REPORT line: what one invocation took. */
export interface Report {
  readonly at: string;
  readonly durationMs: number;
  /** MiB. */
  readonly memoryUsed: number;
  /** Of a cold start. */
  readonly initMs?: number;
}

/** Both oldest first; the newest ones where there are very many. */
export interface LogLook {
  readonly failures: readonly FailureLine[];
  readonly reports: readonly Report[];
}

export const noLines: LogLook = { failures: [], reports: [] };

/** @throws LogsQueryError, ToolError */
export async function readLines(context: ProbeContext): Promise<LogLook> {
  const [failed, reported] = await Promise.all([linesLike(context, failures), linesLike(context, reports)]);
  return {
    failures: failed
      .filter(({ at, text }) => beganAt(at, text) >= context.window.from.getTime())
      .map(({ at, text }) => ({ at, kind: kindOf(text), text })),
    reports: reported.map(({ at, text }) => ({ at, ...reportOf(text) })),
  };
}

async function linesLike(
  { node, tools, window, signal }: ProbeContext,
  pattern: string,
): Promise<readonly { at: string; text: string }[]> {
  const query = `fields @timestamp, substr(@message, 0, 2000) as text | filter @message like ${pattern} | sort @timestamp desc`;
  const asked = { logGroups: [settingsOf(node.with).logGroup], query, limit: mostLines };
  const rows = await queryLogs(tools, asked, window, signal);
  const lines = rows.map((row) => ({
    at: timeOf(row['@timestamp'])?.toISOString() ?? '',
    text: textOf(row['text']) ?? '',
  }));
  return lines.toSorted((a, b) => a.at.localeCompare(b.at));
}

/** A time-out is told when it is over: one that began before an act is none of what came after it. Milliseconds since 1970. */
function beganAt(at: string, text: string): number {
  const seconds = numberOf(/Task timed out after ([\d.]+) seconds/.exec(text)?.[1]) ?? 0;
  return Date.parse(at) - seconds * 1000;
}

function kindOf(text: string): FailureKind {
  if (text.includes('Task timed out after')) return 'TimedOut';
  return /Runtime\.OutOfMemory|signal: killed/.test(text) ? 'OutOfMemory' : 'Error';
}

function reportOf(text: string): Omit<Report, 'at'> {
  const field = (pattern: RegExp): number | undefined => numberOf(pattern.exec(text)?.[1]);
  const initMs = field(/Init Duration: ([\d.]+) ms/);
  return {
    durationMs: field(/\tDuration: ([\d.]+) ms/) ?? 0,
    memoryUsed: field(/Max Memory Used: (\d+) MB/) ?? 0,
    ...(initMs === undefined ? {} : { initMs }),
  };
}

const longestSample = 500;

/** What a person reads of a failure: the error's own words, where the runtime wraps them. */
export function wordsOf(text: string): string {
  const message = /"errorMessage":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  const plain = message ?? text.replace(/^\S+\t?\s*[0-9a-f-]{36}\s*/, '').replace(/RequestId: \S+ /, '');
  return plain.trim().slice(0, longestSample);
}

export function logTemplates({ failures: lines }: LogLook): readonly LogTemplate[] {
  const groups = Map.groupBy(lines, ({ text }) => templateOf(wordsOf(text)));
  return [...groups].map(([template, group]) => ({
    template,
    level: 'Error' as const,
    count: group.length,
    firstAt: group[0]?.at ?? '',
    lastAt: group.at(-1)?.at ?? '',
    sample: group.at(-1)?.text ?? '',
  }));
}
