import { isIP } from 'node:net';
import type { Allow, Setting } from '../../config/config.ts';
import { bareHost } from '../../config/glob.ts';

/** What a server that runs alone may connect to, and show its credentials to. */
export interface Reach {
  readonly allow: Pick<Allow, 'hosts' | 'cidrs'>;
  readonly credentialHosts: readonly string[];
}

const loopback = ['127.0.0.0/8', '::1/128'];

/**
 * Whoever starts the server says where its system is, so that and what the configuration allows is where it goes; with neither, any
 * ordinary address may be read from. Credentials are shown to the named hosts alone, whatever host a caller asks for.
 * @param named hosts (globs), addresses and CIDRs
 */
export function reachOf(configured: Pick<Allow, 'hosts' | 'cidrs'>, named: readonly string[]): Reach {
  const isCidr = (entry: string): boolean => isIP(entry.split('/', 1)[0] ?? '') !== 0;
  const cidrs = named.flatMap((entry) => (entry === 'localhost' ? loopback : isCidr(entry) ? [entry] : []));
  const hosts = named.filter((entry) => entry !== 'localhost' && !isCidr(entry));
  return {
    allow: { hosts: [...configured.hosts, ...hosts], cidrs: [...configured.cidrs, ...cidrs] },
    credentialHosts: named,
  };
}

/** The hosts of all URLs in settings or credentials. */
export function hostsIn(value: Setting): readonly string[] {
  if (typeof value === 'string') return hostOf(value);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((item: Setting) => hostsIn(item));
}

function hostOf(text: string): readonly string[] {
  const host = /^[a-z]+:\/\//.test(text) ? (URL.parse(text)?.hostname ?? '') : '';
  return host === '' ? [] : [bareHost(decodeURIComponent(host))];
}
