import type { DialResponse } from './dialer.ts';

export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

const redirects = new Set([301, 302, 303, 307, 308]);

/** Headers that a request to another origin keeps; everything else may be a credential under a name of its own. */
const harmless = new Set(['accept', 'accept-language', 'user-agent']);

/**
 * The request that follows an answer; undefined when there is none to follow. Only GET and HEAD are followed: another
 * method's redirect is the caller's to judge, since repeating it is a second write.
 */
export function nextHop(hop: Hop, answer: Omit<DialResponse, 'body'>): Hop | undefined {
  const { location } = answer.headers;
  const follows = redirects.has(answer.status) && location !== undefined && /^(GET|HEAD)$/i.test(hop.method);
  const url = follows ? URL.parse(location, hop.url) : null;
  if (url === null) return undefined;
  return { url, method: hop.method, headers: url.origin === hop.url.origin ? hop.headers : harmlessOf(hop.headers) };
}

function harmlessOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => harmless.has(name.toLowerCase())));
}
