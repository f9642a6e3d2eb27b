import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostMatches } from '../config/glob.ts';
import type { Dialer } from '../mcp/dialer.ts';
import { startDialerProxy } from '../mcp/dialer-proxy.ts';
import { forwarder } from './forwarder.ts';
import { removeWritten } from './give-away.ts';
import type { Sandbox, SandboxRequest } from './sandbox.ts';

export interface Reach {
  /** Host globs, with a port or for the ports 80 and 443. */
  readonly hosts: readonly string[];
  /** Without credentials. It judges the addresses, and whether the platform lets anything go there. */
  readonly dialer: Dialer;
}

const socketInside = '/run/threehops-proxy.sock';
/** On the sandbox's own loopback, where nothing else listens. */
const port = 3128;

/** A sandbox whose commands reach these hosts and no others: by a proxy on a socket that is all of the outside they have. */
export function withDeclaredHosts(sandbox: Sandbox, { hosts, dialer }: Reach): Sandbox {
  if (hosts.length === 0) return sandbox;
  const origins = declaredBy(hosts);
  return {
    ...sandbox,
    async run(request, signal) {
      // Nobody else on the machine gets to the socket: the folder stays closed.
      const folder = await mkdtemp(join(tmpdir(), 'threehops-proxy-'));
      try {
        const path = join(folder, 'socket');
        const proxy = await startDialerProxy({ dialer, origins, path });
        try {
          await chmod(path, 0o666);
          return await sandbox.run(proxied(request, path), signal);
        } finally {
          await proxy.close();
        }
      } finally {
        await removeWritten(folder);
      }
    },
  };
}

/** Tells the URLs of these hosts. */
export function declaredBy(hosts: readonly string[]): (url: URL) => boolean {
  return (url) => hosts.some((declared) => isDeclared(declared, url));
}

function isDeclared(declared: string, { hostname, protocol, port: given }: URL): boolean {
  const at = declared.lastIndexOf(':');
  const host = at === -1 ? declared : declared.slice(0, at);
  const asked = given === '' ? (protocol === 'https:' ? '443' : '80') : given;
  const ports = at === -1 ? ['80', '443'] : [declared.slice(at + 1)];
  return hostMatches(host, hostname) && ports.includes(asked);
}

/** Variables that hold the proxy's URL, as programs know them. */
export const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'] as const;
/** Node's own fetch goes by them only when it is told to. */
export const besideTheProxy = { NODE_USE_ENV_PROXY: '1', NO_PROXY: 'localhost,127.0.0.1' };

function proxied(request: SandboxRequest, socket: string): SandboxRequest {
  const url = `http://127.0.0.1:${port}`;
  const variables = Object.fromEntries(proxyVariables.map((name) => [name, url]));
  return {
    ...request,
    command: ['node', '-e', forwarder, '--', socketInside, String(port), ...request.command],
    pids: request.pids + 16,
    env: { ...variables, ...besideTheProxy, ...request.env },
    readOnly: [...(request.readOnly ?? []), { from: socket, to: socketInside }],
  };
}
