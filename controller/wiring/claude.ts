import type { Claude } from '../config/config.ts';
import type { Dialers } from '../mcp/dialers.ts';
import { streamVia } from '../mcp/guards.ts';
import { SecretKeyMissing } from '../mcp/secret-errors.ts';
import type { SecretCredentials } from '../mcp/secrets.ts';
import { createClaude } from '../reasoning/claude/claude.ts';
import { createMessagesClient, type ModelAccess } from '../reasoning/claude/messages-client.ts';
import type { Desk } from '../reasoning/desk.ts';
import type { Reasoner } from '../reasoning/reasoner.ts';
import type { Parts } from './parts.ts';
import { horizonOf, reasoningFor } from '../session/reasoning.ts';
import { skillGuides } from './skill-guides.ts';

/** How far it may look around for one diagnosis. */
export const looks = { maxTurns: 8, maxCalls: 24 };
const maxBytes = 16 * 1024 * 1024;

/** The engine that asks the configured model; undefined where none is configured. Reads no Secret before it is asked. */
export function claudeFor(
  { config, clock }: Pick<Parts, 'config' | 'clock'>,
  secrets: SecretCredentials,
  dialers: Dialers,
): ((desk: Desk) => Reasoner) | undefined {
  const { claude, timings } = config;
  if (claude === undefined) return undefined;
  const { baseUrl, requestSeconds, model, maxTokens, contextTokens } = claude;
  const access = accessTo(claude, config.leaderElection.namespace, secrets, dialers);
  return createClaude({
    knowledge: reasoningFor(timings),
    horizon: horizonOf(timings),
    guides: skillGuides(),
    model: createMessagesClient({ baseUrl, requestSeconds, clock, access }),
    settings: { model, maxTokens, contextTokens, ...looks },
  });
}

/** The key goes to the hosts that its Secret allows, and nowhere else. */
function accessTo(
  { secretRef: { name }, requestSeconds }: Claude,
  namespace: string,
  secrets: SecretCredentials,
  dialers: Dialers,
): (signal: AbortSignal) => Promise<ModelAccess> {
  const field = 'claude.secretRef';
  return async (signal) => {
    const credentials = await secrets.read(namespace, name, signal, field);
    const { apiKey = '' } = credentials.data;
    if (apiKey.trim() === '') throw new SecretKeyMissing({ namespace, name, field }, 'apiKey');
    const dialer = dialers.dialerFor(credentials, 'Read');
    return { apiKey: apiKey.trim(), fetch: streamVia(dialer, { timeoutMs: requestSeconds * 1000, maxBytes }) };
  };
}
