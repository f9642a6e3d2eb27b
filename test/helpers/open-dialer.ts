import { lookup } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import { request } from 'undici';
import type { Dialer, DialInit, DialResponse } from '../../controller/mcp/dialer.ts';

/** A dialer without checks. */
export const openDialer: Dialer = {
  async pin(host) {
    const found = await resolve(host);
    return { address: found.address, family: found.family === 6 ? 6 : 4 };
  },
  lookup,
  async fetch(url: string, init: DialInit = {}): Promise<DialResponse> {
    const answer = await request(url, {
      method: (init.method ?? 'GET') as 'GET',
      headers: { ...init.headers },
      body: init.body ?? null,
      signal: AbortSignal.any([AbortSignal.timeout(init.timeoutMs ?? 10_000), ...(init.signal ? [init.signal] : [])]),
    });
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
    return { status: answer.statusCode, headers, body: new Uint8Array(await answer.body.arrayBuffer()) };
  },
};
