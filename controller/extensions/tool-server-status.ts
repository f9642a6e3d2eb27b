import type { ToolServer } from '../api/kinds.ts';
import { removeCondition, setCondition, setReadiness, type Readiness } from '../kube/conditions.ts';
import { redactHead } from '../redaction/redact.ts';

type Status = NonNullable<ToolServer['status']>;

/** What a look at a server said: its tools, or why they could not be had. */
export type Look =
  | { readonly digests: ReadonlyMap<string, string>; readonly changed: readonly string[] }
  | { readonly readiness: Exclude<Readiness, { readonly state: 'Ready' }> };

const keepTools = 200;

/** The status after a look. Of a server that does not answer it keeps what was last seen. */
export function toolServerStatus(server: ToolServer, look: Look, now: Date): Status {
  const { generation } = server.metadata;
  const before = server.status;
  const readiness = 'readiness' in look ? look.readiness : readinessOf(server, look.digests);
  const ready = setReadiness(before?.conditions, readiness, generation, now);
  if ('readiness' in look) return { ...before, observedGeneration: generation, conditions: ready };
  return {
    observedGeneration: generation,
    lastSeenAt: `${now.toISOString().slice(0, 19)}Z`,
    tools: toolsOf(server, look.digests),
    conditions: withPins(ready, look.changed, generation, now),
  };
}

function toolsOf({ spec }: ToolServer, digests: ReadonlyMap<string, string>): NonNullable<Status['tools']> {
  const { read = [], write = [] } = spec.tools;
  const access = (name: string) => (read.includes(name) ? 'Read' : write.includes(name) ? 'Write' : 'None');
  const told = [...digests].filter(([name]) => name.length <= 128).slice(0, keepTools);
  return told.map(([name, sha256]) => ({ name, access: access(name), sha256 }));
}

function readinessOf({ spec }: ToolServer, digests: ReadonlyMap<string, string>): Readiness {
  const listed = [...(spec.tools.read ?? []), ...(spec.tools.write ?? [])];
  const missing = listed.filter((name) => !digests.has(name));
  if (missing.length === 0) {
    return {
      state: 'Ready',
      reason: 'Answers',
      message: `${listed.length} of its ${digests.size} tools may be called`,
    };
  }
  const message = redactHead(`spec.tools lists what the server does not offer: ${missing.join(', ')}`, 2000);
  return { state: 'Stalled', reason: 'ToolsMissing', message };
}

function withPins(
  conditions: NonNullable<Status['conditions']>,
  changed: readonly string[],
  observedGeneration: number,
  now: Date,
): NonNullable<Status['conditions']> {
  const type = 'WritesBlocked';
  if (changed.length === 0) return removeCondition(conditions, type);
  const message = redactHead(
    `no write tool is called while a pinned definition is another: ${changed.join(', ')}`,
    2000,
  );
  return setCondition(
    conditions,
    { type, status: 'True', reason: 'DefinitionChanged', message, observedGeneration },
    now,
  );
}
