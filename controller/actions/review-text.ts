import { redactForms } from '../redaction/redact.ts';
import type { FileEdit } from '../../skills/skill.ts';
import type { ReviewContext } from './review-gate.ts';

export interface ChangedLines {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** The lines that one text has more often than the other; moved lines count for nothing. */
export function changedLines(before: string | null, after: string | null): ChangedLines {
  const counts = new Map<string, number>();
  const count = (text: string | null, by: number): void => {
    for (const line of text?.split('\n') ?? []) counts.set(line, (counts.get(line) ?? 0) + by);
  };
  count(before, -1);
  count(after, 1);
  const times = (sign: number) =>
    [...counts].flatMap(([line, net]) => Array.from({ length: Math.max(0, net * sign) }, () => line));
  return { added: times(1), removed: times(-1) };
}

const ddl =
  /\b(CREATE|ALTER|DROP|TRUNCATE|RENAME)\s+(UNIQUE\s+|OR\s+REPLACE\s+|TEMP(ORARY)?\s+|UNLOGGED\s+|MATERIALIZED\s+|GLOBAL\s+)*(TABLE|INDEX|SCHEMA|DATABASE|VIEW|SEQUENCE|TYPE|FUNCTION|TRIGGER|COLUMN|CONSTRAINT|EXTENSION|ROLE|USER)\b/i;
const knexDdl = /\.(createTable|dropTable|alterTable|renameTable|addColumn|dropColumn|createIndex|dropIndex)\w*\s*\(/;

/** Data definition among the lines that come or go. */
export function schemaReason(edit: FileEdit, context: ReviewContext): string | undefined {
  const { added, removed } = changedLines(context.before?.get(edit.path) ?? null, edit.content);
  const found = [...added, ...removed].find((line) => ddl.test(line) || knexDdl.test(line));
  return found === undefined ? undefined : `${edit.path} changes the schema: ${found.trim().slice(0, 100)}`;
}

/** The beginning of a key, and a password in a URL, where the rules of redaction want more of it. */
const secrets =
  /-----BEGIN [A-Z ]*PRIVATE KEY|\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bsk-[A-Za-z0-9_-]{20,}|\/\/[^/\s:@'"]+:[^/\s@'"$<{]{3,}@/;

/** A secret among the lines that come. */
export function secretReason(edit: FileEdit, context: ReviewContext): string | undefined {
  if (context.restoredPaths?.includes(edit.path) === true) return undefined;
  const { added } = changedLines(context.before?.get(edit.path) ?? null, edit.content);
  return added.some((line) => secrets.test(line) || redactForms(line) !== line)
    ? `${edit.path} would hold a secret`
    : undefined;
}

/** Characters that turn the order of what is read around, and such as nobody sees at all. */
const deceiving = /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

/** Text among the lines that come which is not what a reviewer would read. */
export function deceptionReason(edit: FileEdit, context: ReviewContext): string | undefined {
  const { added } = changedLines(context.before?.get(edit.path) ?? null, edit.content);
  const found = added.some((line) => deceiving.test(line));
  return found ? `${edit.path} would hold characters that hide what it says` : undefined;
}

const counted = {
  tests:
    /\b(test|it|describe|context|scenario)(\.each\b[^(]*\([^)]*\))?\s*\(|^\s*(async )?def test_|^func (Test|Benchmark)|@(Test|ParameterizedTest)\b|#\[test\]/gm,
  assertions: /\b(assert\w*|expect\w*|should|require\.\w+|verify)\b\s*[.(!]?|^\s*assert\s/gm,
} as const;
const skips =
  /\.(skip|only|todo|fails)\b|\bx(it|describe|test)\s*\(|@(Disabled|Ignore)\b|\bt\.Skip|pytest\.mark\.(skip|xfail)|unittest\.skip|#\[ignore/g;

/** A test that went, or that says less than it did. */
export function testReason({ path, content }: FileEdit, { before }: ReviewContext): string | undefined {
  const old = before?.get(path);
  if (content === null) return `${path}: a test is removed`;
  if (old === undefined)
    return before === undefined ? `${path}: a test is changed, and what it was is not known` : undefined;
  if (old === null) return undefined;
  const fewer = Object.entries(counted).find(
    ([, pattern]) => occurrences(content, pattern) < occurrences(old, pattern),
  );
  if (fewer !== undefined) return `${path}: fewer ${fewer[0]} than before`;
  return occurrences(content, skips) > occurrences(old, skips) ? `${path}: a test is skipped` : undefined;
}

function occurrences(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
