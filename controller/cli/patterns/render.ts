import { ageOf, tableOf, type Column } from '../table.ts';
import type { Patterns } from './patterns.ts';
import type { RemedyPattern } from './remedies.ts';
import type { Count } from './tally.ts';

/** How the patterns are shown to a person. */
export interface Screen {
  readonly width: number;
  readonly nowMs: number;
  /** Says of which namespace each is. */
  readonly namespaces: boolean;
}

/** So many rows of a table; `-o json` has them all. */
const mostRows = 15;

export function shown(patterns: Patterns, screen: Screen): string {
  const { sessions, markedWrong, outcomes, causes, remedies, gaps, timeouts } = patterns;
  if (sessions === 0) return 'No sessions have ended.';
  const wrong = markedWrong === 0 ? '' : `, ${markedWrong} of them marked wrong`;
  return [
    `${sessions} ${sessions === 1 ? 'session has' : 'sessions have'} ended${wrong}.`,
    block(outcomes, [column('OUTCOME', 'outcome'), ...counts(screen)], screen),
    block(causes, [...where(screen), cut('CAUSE', 'kind'), cut('NODE', 'node'), ...counts(screen)], screen),
    block(remedies, [...where(screen), ...remedyColumns], screen),
    block(gaps, [...where(screen), cut('NOT SEEN', 'gap'), ...counts(screen)], screen),
    block(timeouts, [cut('TIMED OUT', 'tool'), ...counts(screen)], screen),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function column<Field extends string>(title: string, field: Field): Column<Readonly<Record<Field, string | number>>> {
  return { title, of: (row) => row[field] };
}

function cut<Field extends string>(title: string, field: Field): Column<Readonly<Record<Field, string | number>>> {
  return { ...column(title, field), cut: true };
}

const remedyColumns: readonly Column<RemedyPattern>[] = [
  cut('REMEDY', 'remedy'),
  column('TRIED', 'tried'),
  column('WORKED', 'worked'),
  column('BACK', 'cameBack'),
  column('FAILED', 'failed'),
];

function where({ namespaces }: Screen): readonly Column<{ readonly namespace: string }>[] {
  return namespaces ? [cut('NAMESPACE', 'namespace')] : [];
}

function counts({ nowMs }: Screen): readonly Column<Count>[] {
  return [column('SESSIONS', 'sessions'), { title: 'LAST', of: ({ last }) => ageOf(last, nowMs) }];
}

function block<T>(rows: readonly T[], columns: readonly Column<T>[], { width }: Screen): string {
  if (rows.length === 0) return '';
  const more = rows.length - mostRows;
  const table = tableOf(rows.slice(0, mostRows), columns, width);
  return more > 0 ? `${table}\n(${more} more)` : table;
}
