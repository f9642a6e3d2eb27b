import type { Middleware } from '@anthropic-ai/sdk';
import { HostRefusedError } from '../../mcp/outbound-errors.ts';

/** Whether a request is under way right now: sent, and neither refused nor answered in full. */
export interface Transit {
  under: boolean;
}

/** What failed may have been carried out, or fails the same way again. */
export class NotAgain extends Error {
  /** Not its `cause`: the SDK looks there for what it would retry. */
  readonly origin: unknown;

  constructor(origin: unknown) {
    super('not to be sent again');
    this.name = 'NotAgain';
    this.origin = origin;
  }
}

/** Codes of node's and undici's for what never reached the server. */
const unsent = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * The SDK sends again whatever failed. That is right for what was refused and for what never arrived; a request that went out
 * and has no answer may have been worked on, and whether it is sent again is decided by who keeps count.
 */
export function onceSent(transit: Transit): Middleware {
  return async (request, next) => {
    transit.under = true;
    try {
      const response = await next(request);
      transit.under = response.ok;
      return response;
    } catch (error) {
      const isRefused = error instanceof HostRefusedError;
      transit.under = !isRefused && !unsent.has(String((error as { readonly code?: unknown } | null)?.code));
      throw transit.under || isRefused ? new NotAgain(error) : error;
    }
  };
}
