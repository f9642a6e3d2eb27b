import { isIP } from 'node:net';
import { bareHost } from '../config/glob.ts';
import type { Dialer } from './dialer.ts';

/**
 * Arguments for `git` before its command, so that it talks to the checked address of a remote and to nothing else: the
 * address is pinned for curl, redirects are not followed, proxies of the environment are not used.
 * @throws HostRefusedError; TypeError for a URL that is neither http nor https.
 */
export async function gitResolveArgs(
  dialer: Dialer,
  remoteUrl: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const url = new URL(remoteUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new TypeError(`git over ${url.protocol} is not supported`);
  const host = bareHost(url.hostname);
  const { address, family } = await dialer.pin(host, signal);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const pinned = family === 6 ? `[${address}]` : address;
  // curl resolves no literal address, and refuses an entry for one.
  const resolve = isIP(host) === 0 ? [`http.curloptResolve=${host}:${port}:${pinned}`] : [];
  return [...resolve, 'http.followRedirects=false', 'http.proxy='].flatMap((setting) => ['-c', setting]);
}
