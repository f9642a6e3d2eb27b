import { type Clock, systemClock } from '../../../controller/kube/clock.ts';
import type { Dialer } from '../../../controller/mcp/dialer.ts';
import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { numberOf } from '../../lib/reading.ts';
import { httpLoad } from './http-load.ts';

export interface LoadBackend {
  readonly dialer: Dialer;
  readonly clock: Clock;
  /** What the platform allows at most, whatever a map asks for. */
  readonly most: { readonly connections: number; readonly requestsPerSecond: number };
}

/** Makes HTTP traffic, to hosts that the dialer lets writers reach. Settings: `{maxConnections?, maxRequestsPerSecond?}`. */
export const server: EmbeddedServer<LoadBackend> = {
  id: 'load',
  tools: [httpLoad],
  connect: ({ dialer, settings }) => ({
    dialer,
    clock: systemClock,
    most: {
      connections: numberOf(settings['maxConnections']) ?? 100,
      requestsPerSecond: numberOf(settings['maxRequestsPerSecond']) ?? 1_000,
    },
  }),
};
