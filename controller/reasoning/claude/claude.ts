import type { Desk } from '../desk.ts';
import type { Reasoner } from '../reasoner.ts';
import { converse } from './conversation.ts';
import { type ClaudeOptions, inquiryOf } from './inquiry.ts';
import { engine } from './read-answer.ts';

/**
 * The engine that asks a model: it is given the evidence, may look further with read-only tools, and answers through a strict schema.
 * What it answers is held against the evidence and the catalogue before anybody else sees it; it widens nothing. The same bundle,
 * memory, limits and ledger give the same diagnosis without asking again.
 *
 * `diagnose` throws ReasonerGaveUp where no diagnosis is to be had (ModelUnavailable and ModelRefused are of that class), and the
 * signal's reason.
 */
export function createClaude(options: ClaudeOptions): (desk: Desk) => Reasoner {
  return (desk) => ({
    engine,
    async diagnose(bundle, memory, limits, signal) {
      signal.throwIfAborted();
      return converse(inquiryOf(options, { desk, bundle, memory, limits }), signal);
    },
  });
}
