import type { Json, JsonObject } from '../../controller/api/json.ts';
import { listOf, objectOf, textOf } from '../lib/reading.ts';
import type { ProbeContext } from '../skill.ts';
import { connectionOf } from './address.ts';
import { pythonText } from './python-text.ts';

export const executeSqlTool = 'execute_sql';

/** A server said, in words only, that it could not run a query, or answered something that no query of ours gives. */
export class ReportUnreadable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReportUnreadable';
  }
}

/**
 * Runs one of our queries and reads its one JSON column.
 * @throws ToolError, ReportUnreadable
 */
export async function reportOf(
  context: Pick<ProbeContext, 'tools' | 'signal' | 'node'>,
  sql: string,
): Promise<JsonObject> {
  const answer = await context.tools.call(
    executeSqlTool,
    { sql: sql.trim(), ...connectionOf(context.node.with) },
    context.signal,
  );
  return parseReport(answer);
}

/**
 * Rows as JSON (ours), or Python's text of a list of rows (postgres-mcp), which newer versions of its framework also hand over as
 * `{result: [{type: 'text', text}]}`.
 */
export function parseReport(answer: Json): JsonObject {
  const rows = Array.isArray(answer) || typeof answer === 'string' ? answer : (objectOf(answer)['result'] ?? null);
  const first = objectOf(listOf(rows)[0]);
  const words = typeof rows === 'string' ? rows : first['type'] === 'text' ? textOf(first['text']) : undefined;
  const text = words === undefined ? textOf(first['report']) : pythonText(words, 'report');
  if (text === undefined) throw new ReportUnreadable((words ?? 'the answer has no row').slice(0, 300));
  try {
    return objectOf(JSON.parse(text) as Json);
  } catch (cause) {
    throw new ReportUnreadable('the answer holds no JSON', { cause });
  }
}
