import { type Clock, systemClock } from '../../../controller/kube/clock.ts';
import type { Dialer } from '../../../controller/mcp/dialer.ts';
import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { numberOf } from '../../lib/reading.ts';
import { type BrowserSettings, browserSettings } from './browser.ts';
import { httpLoad } from './http-load.ts';
import { uiFlow, uiLook } from './ui-flow.ts';

export interface LoadBackend {
  readonly dialer: Dialer;
  readonly clock: Clock;
  /** What the platform allows at most, whatever a map asks for. */
  readonly most: { readonly connections: number; readonly requestsPerSecond: number };
  /** Undefined where the platform gives none. */
  readonly browser: BrowserSettings | undefined;
  /** A browser takes much memory: one waits for the other. */
  readonly oneAtATime: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Makes HTTP traffic, to hosts that the dialer lets writers reach, and opens pages in a browser.
 * Settings: `{maxConnections?, maxRequestsPerSecond?, browser?: {chromium, libraryPath?, uid?}}`.
 */
export const server: EmbeddedServer<LoadBackend> = {
  id: 'load',
  tools: [httpLoad, uiFlow, uiLook],
  connect: ({ dialer, settings }) => ({
    dialer,
    clock: systemClock,
    most: {
      connections: numberOf(settings['maxConnections']) ?? 100,
      requestsPerSecond: numberOf(settings['maxRequestsPerSecond']) ?? 1_000,
    },
    browser: browserSettings(settings),
    oneAtATime: queueOfOne(),
  }),
};

function queueOfOne(): LoadBackend['oneAtATime'] {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const mine = last.then(work);
    // The next one waits for the end, whatever it is.
    last = mine.catch(() => undefined);
    return mine;
  };
}
