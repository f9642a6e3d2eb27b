import type { JsonObject } from '../../controller/api/json.ts';
import type { LogTemplate } from '../../controller/evidence/finding.ts';
import { templateOf } from '../lib/log-template.ts';
import { isDefined, objectOf, textOf, timeOf } from '../lib/reading.ts';
import { type StackFrame, topUserFrame } from '../lib/stack-trace.ts';
import type { Window } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import { queryLogs } from '../lib/logs-call.ts';
import type { CloudWatchSettings } from './parameters.ts';
import { errorLines } from './queries.ts';

/** One log statement that reports an error, with how often it was seen. */
export interface ErrorTemplate extends LogTemplate {
  /** When it was first written; left out where it may have been before the first line that was read. */
  readonly since?: string;
  readonly frame?: StackFrame;
}

export interface ErrorTemplates {
  /** Most frequent first. */
  readonly templates: readonly ErrorTemplate[];
  /** There were more lines than were read: the oldest and the newest are counted alone. */
  readonly cut: boolean;
}

export const mostLines = 500;
const longestSample = 2000;

interface ErrorLine {
  readonly at: string;
  readonly message: string;
  readonly raw: string;
  readonly frame?: StackFrame;
}

/** The distinct error messages of a time. @throws LogsQueryError, ToolError */
export async function errorTemplates(
  context: ProbeContext,
  settings: CloudWatchSettings,
  window: Window,
): Promise<ErrorTemplates> {
  const { lines, exactUntil } = await readLines(context, settings, window);
  const groups = Map.groupBy(lines, ({ message }) => templateOf(message));
  const templates = [...groups].map(([template, group]) => toTemplate(template, group, exactUntil));
  return {
    templates: templates.toSorted((a, b) => b.count - a.count || a.template.localeCompare(b.template, 'en')),
    cut: exactUntil !== undefined,
  };
}

interface ReadLines {
  /** Oldest first. */
  readonly lines: readonly ErrorLine[];
  /** The last line before those that were not read; undefined where all were. */
  readonly exactUntil?: string;
}

/** The newest lines; where there are more of them, the oldest too: how it began tells more than the middle. */
async function readLines(context: ProbeContext, settings: CloudWatchSettings, window: Window): Promise<ReadLines> {
  const read = (order: 'asc' | 'desc'): Promise<readonly JsonObject[]> => {
    const query = { logGroups: settings.logGroups, query: errorLines(settings, order), limit: mostLines };
    return queryLogs(context.tools, query, window, context.signal);
  };
  const newest = await read('desc');
  if (newest.length < mostLines) return { lines: inOrder(newest) };
  const oldest = await read('asc');
  const seen = new Set(newest.map((row) => textOf(row['@ptr'])).filter(isDefined));
  const others = oldest.filter((row) => !seen.has(textOf(row['@ptr']) ?? ''));
  const lines = inOrder([...others, ...newest]);
  if (others.length < oldest.length) return { lines };
  const exactUntil = inOrder(others).at(-1)?.at;
  return { lines, ...(exactUntil === undefined ? {} : { exactUntil }) };
}

function inOrder(rows: readonly JsonObject[]): readonly ErrorLine[] {
  return rows.map(readLine).toSorted((a, b) => a.at.localeCompare(b.at));
}

function toTemplate(template: string, group: readonly ErrorLine[], exactUntil: string | undefined): ErrorTemplate {
  const frame = group.find((line) => line.frame !== undefined)?.frame;
  const first = group[0]?.at;
  const exact = first !== undefined && (exactUntil === undefined || first <= exactUntil);
  return {
    template,
    level: 'Error',
    count: group.length,
    firstAt: first ?? '',
    lastAt: group.at(-1)?.at ?? '',
    sample: group.at(-1)?.raw.slice(0, longestSample) ?? '',
    ...(exact ? { since: first } : {}),
    ...(frame === undefined ? {} : { frame }),
  };
}

function readLine(row: JsonObject): ErrorLine {
  const raw = textOf(row['text']) ?? '';
  const fields = parseFields(raw);
  const message = messageIn(fields) ?? raw;
  const stack = stackIn(fields) ?? raw;
  const frame = topUserFrame(stack);
  return {
    at: timeOf(row['@timestamp'])?.toISOString() ?? '',
    message,
    raw,
    ...(frame === undefined ? {} : { frame }),
  };
}

/** Most services write a JSON object a line; what is cut or is no JSON counts as plain text. */
function parseFields(text: string): JsonObject {
  if (!text.trimStart().startsWith('{')) return {};
  try {
    return objectOf(JSON.parse(text) as JsonObject);
  } catch {
    return {};
  }
}

/** The names that the common loggers give to the message. */
function messageIn(fields: JsonObject): string | undefined {
  const nested = [fields['err'], fields['error'], fields['exception']].map(objectOf);
  const candidates = [fields['message'], fields['msg'], fields['error'], ...nested.map((one) => one['message'])];
  return candidates.map((one) => textOf(one)).find((one) => one !== undefined);
}

function stackIn(fields: JsonObject): string | undefined {
  const nested = [fields['err'], fields['error'], fields['exception']].map(objectOf);
  const candidates = [
    fields['stack'],
    fields['stacktrace'],
    fields['stack_trace'],
    ...nested.map((one) => one['stack']),
  ];
  return candidates.map((one) => textOf(one)).find((one) => one !== undefined);
}
