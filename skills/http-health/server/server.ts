import { type Clock, systemClock } from '../../../controller/kube/clock.ts';
import type { Dialer } from '../../../controller/mcp/dialer.ts';
import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { httpGet } from './http-get.ts';
import { tlsCertificate } from './tls-certificate.ts';

/** What one request over the dialer needs. */
export interface HttpBackend {
  readonly dialer: Dialer;
  readonly clock: Clock;
  /** Milliseconds that this process's event loop has been busy since it began. */
  busyMs(): number;
}

/** HTTP as a tool: one request, or one look at a certificate, through the operator's dialer alone. */
export const server: EmbeddedServer<HttpBackend> = {
  id: 'http',
  tools: [httpGet, tlsCertificate],
  connect: ({ dialer }) => ({
    dialer,
    clock: systemClock,
    busyMs: () => performance.eventLoopUtilization().active,
  }),
};
