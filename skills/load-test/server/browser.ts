import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { Clock } from '../../../controller/kube/clock.ts';
import type { ToolCaller } from '../../../controller/mcp/client.ts';
import { startDialerProxy, type DialerProxyOptions } from '../../../controller/mcp/dialer-proxy.ts';
import { connectStdio } from '../../../controller/mcp/stdio-client.ts';
import { numberOf, objectOf, textOf } from '../../lib/reading.ts';

/** `servers.load.browser` of the operator's configuration. */
export interface BrowserSettings {
  readonly chromium: string;
  /** LD_LIBRARY_PATH of a Chromium that was unpacked rather than installed. */
  readonly libraryPath: string | undefined;
  /** Who runs it, where the operator is root. */
  readonly uid: number | undefined;
}

/** A browser of one flow's own, spoken to by the tools of @playwright/mcp. */
export interface Browser {
  readonly tools: ToolCaller;
  /** Where its screenshots are; gone with it. */
  readonly folder: string;
}

const installed = createRequire(import.meta.url).resolve('@playwright/mcp/package.json');

export function browserSettings(settings: JsonObject): BrowserSettings | undefined {
  const browser = objectOf(settings['browser']);
  const chromium = textOf(browser['chromium']);
  if (chromium === undefined) return undefined;
  return { chromium, libraryPath: textOf(browser['libraryPath']), uid: numberOf(browser['uid']) };
}

/**
 * Runs `work` with a browser that reaches nothing but the given origins, through the dialer. Its profile, its output and its processes
 * end with the work. @throws ToolError
 */
export async function withBrowser<T>(
  settings: BrowserSettings,
  reach: DialerProxyOptions,
  clock: Clock,
  work: (browser: Browser) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'threehops-browser-'));
  const proxy = await startDialerProxy(reach);
  try {
    await writeFile(join(folder, configName), JSON.stringify({ browser: { launchOptions: { args: proxyAlone } } }));
    if (settings.uid !== undefined) await chown(folder, settings.uid, settings.uid);
    const tools = await connectStdio(
      {
        serverId: 'browser',
        access: 'ReadWrite',
        clock,
        command: commandOf(settings, folder, proxy.url),
        env: {
          HOME: folder,
          TMPDIR: folder,
          PATH: '/usr/bin:/bin',
          ...(settings.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: settings.libraryPath }),
        },
        cwd: folder,
        ...(settings.uid === undefined ? {} : { uid: settings.uid }),
      },
      signal,
    );
    try {
      return await work({ tools, folder });
    } finally {
      await tools.close();
    }
  } finally {
    await proxy.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const configName = 'config.json';
/** What a page can send without asking the proxy: datagrams, by WebRTC and by QUIC. */
const proxyAlone = [
  // The one word is Chromium's own, the other that of older ones.
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-quic',
];

function commandOf({ chromium }: BrowserSettings, folder: string, proxy: string): readonly string[] {
  const own = [process.execPath, join(dirname(installed), 'cli.js')];
  const browser = [
    '--executable-path',
    chromium,
    '--headless',
    '--no-sandbox',
    '--isolated',
    '--block-service-workers',
  ];
  const bounds = ['--proxy-server', proxy, '--timeout-action', '5000', '--timeout-navigation', '10000'];
  const config = ['--config', join(folder, configName)];
  const output = ['--output-dir', folder, '--image-responses', 'omit', '--codegen', 'none'];
  return [...own, ...config, ...browser, ...bounds, ...output];
}
