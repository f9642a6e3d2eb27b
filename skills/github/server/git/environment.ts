import { isIP } from 'node:net';
import type { PinnedAddress } from '../../../../controller/mcp/dialer.ts';

/** Where git talks to, and what of it must not be seen in a process list. */
export interface GitRemote {
  readonly url: string;
  /** The checked address of the host; git must not resolve the name again. */
  readonly pinned: PinnedAddress;
  readonly token: string;
  readonly caFile?: string;
}

/**
 * Git's environment: nothing of ours is inherited but PATH, no configuration file is read, nothing in a repository can run
 * (hooks, filters, fsmonitor, submodules, credential helpers), only http(s) is spoken, to the pinned address. The token goes in as
 * configuration by environment, never as an argument.
 */
export function gitEnvironment(home: string, path: string, remote?: GitRemote): Record<string, string> {
  const settings = [...lockedDown, ...(remote === undefined ? [] : remoteSettings(remote))];
  const env: Record<string, string> = {
    PATH: path,
    HOME: home,
    XDG_CONFIG_HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    GIT_ALLOW_PROTOCOL: 'http:https',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_CONFIG_COUNT: String(settings.length),
  };
  settings.forEach(([key, value], index) => {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return env;
}

const lockedDown: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  ['core.autocrlf', 'false'],
  ['core.sshCommand', '/bin/false'],
  ['credential.helper', ''],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['push.gpgSign', 'false'],
  ['commit.gpgSign', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['transfer.fsckObjects', 'true'],
  ['http.followRedirects', 'false'],
  ['http.proxy', ''],
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '20'],
];

function remoteSettings({ url, pinned, token, caFile }: GitRemote): readonly (readonly [string, string])[] {
  const { hostname, port, protocol, origin } = new URL(url);
  const address = pinned.family === 6 ? `[${pinned.address}]` : pinned.address;
  const name = `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`;
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return [
    // A literal address is not resolved, and curl takes no entry for one.
    ...(isIP(hostname.replaceAll(/^\[|\]$/g, '')) === 0
      ? [['http.curloptResolve', `${name}:${address}`] as const]
      : []),
    ...(token === '' ? [] : [[`http.${origin}/.extraHeader`, `Authorization: Basic ${basic}`] as const]),
    ...(caFile === undefined ? [] : [['http.sslCAInfo', caFile] as const]),
  ];
}
