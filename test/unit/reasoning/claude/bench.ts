import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../../controller/kube/clock.ts';
import { streamVia } from '../../../../controller/mcp/guards.ts';
import type { EvidenceBundle } from '../../../../controller/evidence/bundle.ts';
import { createClaude } from '../../../../controller/reasoning/claude/claude.ts';
import type { Answered } from '../../../../controller/reasoning/claude/diagnose-tool.ts';
import type { ClaudeSettings } from '../../../../controller/reasoning/claude/inquiry.ts';
import { createMessagesClient, type MessagesOptions } from '../../../../controller/reasoning/claude/messages-client.ts';
import type { ModelClient } from '../../../../controller/reasoning/claude/model-client.ts';
import type { Desk, Ledger, TokenUse } from '../../../../controller/reasoning/desk.ts';
import type { Diagnosis, Limits, Memory } from '../../../../controller/reasoning/reasoner.ts';
import { type MessagesApi, startMessagesApi } from '../../../helpers/messages-api/server.ts';
import type { Script, Scripted, WireBlock, WireRequest } from '../../../helpers/messages-api/wire.ts';
import { openDialer } from '../../../helpers/open-dialer.ts';
import { anything, knowledge, untried } from '../stub-skills.ts';
import { threeHops } from '../systems.ts';

export const signal = new AbortController().signal;
export const model = 'stand-in-1';
export const settings: ClaudeSettings = { model, maxTokens: 2_000, contextTokens: 50_000, maxTurns: 4, maxCalls: 6 };

/** Looks like no real one. */
export const apiKey = `key-${randomUUID()}`;

export function api(script: Script, count?: (request: WireRequest) => number): Promise<MessagesApi> {
  return startedApi({ script, apiKey, models: [model], ...(count === undefined ? {} : { count }) });
}

async function startedApi(options: Parameters<typeof startMessagesApi>[0]): Promise<MessagesApi> {
  const started = await startMessagesApi(options);
  onTestFinished(() => started.close());
  return started;
}

export function clientOf({ baseUrl }: Pick<MessagesApi, 'baseUrl'>, more: Partial<MessagesOptions> = {}): ModelClient {
  const access = async () => ({ apiKey, fetch: streamVia(openDialer) });
  return createMessagesClient({ baseUrl, requestSeconds: 20, clock: systemClock, access, ...more });
}

/** A ledger that can be handed to another process, as it were. */
export class MemoryLedger implements Ledger {
  readonly kept = new Map<string, string>();

  async recall(key: string): Promise<unknown> {
    const text = this.kept.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  }

  async keep(key: string, value: unknown): Promise<unknown> {
    const before = await this.recall(key);
    if (before === undefined) this.kept.set(key, JSON.stringify(value));
    return before;
  }

  keys(prefix: string): readonly string[] {
    return [...this.kept.keys()].filter((key) => key.startsWith(prefix));
  }
}

export interface Session {
  readonly client: ModelClient;
  readonly ledger?: Ledger;
  readonly reads?: Desk['reads'];
  readonly faultsOf?: Desk['faultsOf'];
  readonly tokens?: number;
  readonly spent?: TokenUse[];
  readonly settings?: Partial<ClaudeSettings>;
  readonly bundle?: EvidenceBundle;
  readonly memory?: Memory;
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
}

export function deskOf(session: Omit<Session, 'client'>): Desk {
  const spent = session.spent ?? [];
  const used = (): number => spent.reduce((sum, { input, output }) => sum + input + output, 0);
  return {
    ledger: session.ledger ?? new MemoryLedger(),
    reads: session.reads ?? [],
    budget: { left: () => (session.tokens ?? 1_000_000) - used(), spend: (use) => void spent.push(use) },
    faultsOf: session.faultsOf ?? (async () => []),
  };
}

export function diagnose(session: Session): Promise<Diagnosis> {
  const options = { knowledge, model: session.client, settings: { ...settings, ...session.settings } };
  const reasoner = createClaude({ ...options, horizon: { causeSeconds: 30, hopSeconds: 10 } })(deskOf(session));
  const { bundle = threeHops().build('front'), memory = untried, limits = anything } = session;
  return reasoner.diagnose(bundle, memory, limits, session.signal ?? signal);
}

/** The right answer to `threeHops`. */
export const right: Answered = {
  claims: [
    { text: 'A session holds a lock.', findings: ['shop/db:store.Blocked:0'] },
    { text: 'The worker waits for it.', findings: ['worker/logs:logs.Errors:0'] },
  ],
  gaps: ['the locks of an hour ago'],
  verdict: 'Cause',
  rootCause: {
    node: 'shop/db',
    kind: 'store.AbandonedTransaction',
    summary: 'A session holds a lock.',
    confidencePercent: 85,
  },
  chain: ['shop/db', 'worker', 'shop/jobs', 'shop', 'front'],
  alternatives: [],
  fix: { action: 'store.end-blocker', node: 'shop/db', parameters: '{"pid":42}', rationale: 'It blocks all others.' },
  predictions: [{ node: 'shop/db', findingGone: 'store.Blocked', withinSeconds: 40 }],
};

let calls = 0;

export function calling(name: string, input: unknown): WireBlock {
  calls += 1;
  return { type: 'tool_use', id: `toolu_${calls}`, name, input };
}

export function answering(input: unknown): Scripted {
  return { content: [{ type: 'text', text: 'The store comes first.' }, calling('diagnose', input)] };
}

export function scripted(...answers: readonly Scripted[]): Script {
  return (_, number) => {
    const answer = answers[number - 1];
    if (answer === undefined) throw new Error(`request ${number} was not expected`);
    return answer;
  };
}

/** All text of the last message of a request, results of tools among it. */
export function lastTold({ messages }: WireRequest): string {
  return JSON.stringify(messages.at(-1)?.content);
}
