import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { DebugSession } from '../../api/kinds.ts';
import type { KubeClient } from '../../kube/client.ts';
import { debugSessions } from '../../session/stores/session-store.ts';
import { UsageError } from '../usage-error.ts';

const pageSize = 250;

/** All sessions of a namespace, or of all without one, page by page. @throws an ApiError */
export async function listSessions(
  client: KubeClient,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<readonly DebugSession[]> {
  const api = client.resource(debugSessions);
  const where = namespace === undefined ? {} : { namespace };
  const found: DebugSession[] = [];
  for (let next: string | undefined = ''; next !== undefined;) {
    const page = await api.list({ ...where, limit: pageSize, ...(next === '' ? {} : { continue: next }) }, signal);
    found.push(...page.items);
    next = page.continue;
  }
  return found;
}

/** From a file, or from standard input for `-`. @throws UsageError */
export async function readSessions(path: string, signal: AbortSignal): Promise<readonly DebugSession[]> {
  const read = path === '-' ? text(process.stdin) : readFile(path, { encoding: 'utf8', signal });
  return sessionsIn(await read, path);
}

/** The sessions of what `kubectl get dbg -o json` prints: a list, or a single one. @throws UsageError */
export function sessionsIn(json: string, path: string): readonly DebugSession[] {
  const list = objectOf(parsed(json, path));
  const items = Array.isArray(list['items']) ? list['items'] : [list];
  const other = items.find((item) => !isSession(item));
  if (other !== undefined) throw new UsageError(`${path} holds something else than DebugSessions`);
  return items as readonly DebugSession[];
}

function parsed(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new UsageError(`${path} is no JSON`, { cause: error });
  }
}

/** As the API server has checked it: the schema holds for the rest. */
function isSession(item: unknown): boolean {
  const { kind, metadata } = objectOf(item);
  return kind === 'DebugSession' && typeof objectOf(metadata)['namespace'] === 'string';
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
