import type { Dialer, DialInit } from '../../../controller/mcp/dialer.ts';

/** As much of a fetch call as Octokit makes. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

const withoutBody = new Set([204, 205, 304]);

/** Octokit's `fetch`, through the operator's dialer: a log archive is at most 16 MiB, an answer takes at most 20 s. */
export function dialedFetch(dialer: Dialer): (url: string, init?: FetchInit) => Promise<Response> {
  return async (url, init = {}) => {
    const answer = await dialer.fetch(url, {
      ...given(init),
      timeoutMs: 20_000,
      maxBytes: 16 * 1024 * 1024,
      redirects: 3,
    });
    const body = withoutBody.has(answer.status) ? null : Buffer.from(answer.body);
    return new Response(body, { status: answer.status, headers: { ...answer.headers } });
  };
}

function given(init: FetchInit): DialInit {
  return {
    ...(init.method === undefined ? {} : { method: init.method }),
    ...(init.headers === undefined ? {} : { headers: init.headers }),
    ...(init.body === undefined || init.body === null ? {} : { body: init.body }),
    ...(init.signal === undefined ? {} : { signal: init.signal }),
  };
}
