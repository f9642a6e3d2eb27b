import { systemClock } from '../../controller/kube/clock.ts';
import { createDialer } from '../../controller/mcp/outbound.ts';

/** The operator's own dialer, allowed to reach this machine's loopback addresses and nothing else. */
export const openDialer = createDialer({
  policy: { hosts: [], cidrs: ['127.0.0.0/8', '::1/128'], whenEmpty: 'Nothing' },
  clock: systemClock,
});
