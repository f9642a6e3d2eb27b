import type { LogTemplate, Peer } from '../../evidence/finding.ts';
import { bareHost, urlHost } from '../../../skills/lib/peers.ts';

const host = String.raw`[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?`;
const port = String.raw`(?::\d{1,5})?`;

/** How clients say that they could not reach somebody: the host is in the first group. What names a host otherwise has no clear role. */
const failures: readonly RegExp[] = [
  // Node.js
  new RegExp(String.raw`\bgetaddrinfo (?:ENOTFOUND|EAI_AGAIN) (${host}${port})`, 'g'),
  new RegExp(String.raw`\bconnect (?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ECONNRESET) (${host}${port})`, 'g'),
  // Go
  new RegExp(String.raw`\bdial tcp: lookup (${host})\b`, 'g'),
  new RegExp(String.raw`\bdial tcp (${host}${port})`, 'g'),
  // Python
  new RegExp(String.raw`\bHTTPS?ConnectionPool\(host='(${host})'`, 'g'),
  new RegExp(String.raw`\bcould not translate host name "(${host})"`, 'g'),
  new RegExp(String.raw`\bconnection to server at "(${host})"`, 'g'),
  new RegExp(String.raw`\bconnecting to (${host}:\d{1,5})\b`, 'g'),
  // Java
  new RegExp(String.raw`\bUnknownHostException: (${host})\b`, 'g'),
  new RegExp(String.raw`\b[Cc]onnect(?:ion)? to (${host}:\d{1,5})\b[^\n]{0,80}(?:refused|failed|timed out)`, 'g'),
  // curl and what is made of it
  new RegExp(String.raw`\b[Cc]ould not resolve host:? (${host})\b`, 'g'),
  new RegExp(String.raw`\bFailed to connect to (${host}) port \d`, 'g'),
  // In a program's own words, of what can be nothing but a host
  new RegExp(
    String.raw`\b(?:cannot|could not|can't|unable to|failed to) (?:reach|connect to|resolve|contact|call) ((?:[A-Za-z0-9_-]+\.)+[A-Za-z][A-Za-z0-9-]*${port})`,
    'gi',
  ),
  // nginx and Envoy
  new RegExp(String.raw`\bhost not found in upstream "(${host}${port})"`, 'g'),
];

const url = String.raw`(?:https?|grpcs?|wss?|postgres(?:ql)?|rediss?|amqps?|mysql|mongodb|nats)://[^\s"'<>\\)\]},]+`;

/** A request that somebody made, by its URL. */
const requests: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|Get|Post|Put|Patch|Delete) "?(${url})`, 'g'),
  new RegExp(String.raw`\brequest to (${url}) failed`, 'g'),
  new RegExp(String.raw`\bupstream:? "?(${url})`, 'g'),
  new RegExp(String.raw`\b(?:fetch|call|calling|connect|connecting|connection) (?:to |of )?(${url})`, 'gi'),
];

/** Whom log messages tell to have been called. */
export function logPeers(templates: readonly LogTemplate[]): readonly Peer[] {
  return templates.flatMap(({ sample }) => {
    const hosts = failures.flatMap((pattern) => matches(sample, pattern).flatMap((text) => bareHost(text) ?? []));
    const asked = requests.flatMap((pattern) => matches(sample, pattern).flatMap((text) => urlHost(text) ?? []));
    return [...hosts, ...asked].map((found): Peer => ({
      ...found,
      role: 'Called',
      by: 'Logs',
      source: 'log messages',
    }));
  });
}

function matches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found);
}
