import { load } from 'js-yaml';
import { parseConfig } from '../../../controller/config/load.ts';
import { makeParts } from '../../../controller/wiring/parts.ts';
import { runOperator } from '../../../controller/wiring/run-operator.ts';
import type { FaultProxy } from '../../helpers/fault-proxy.ts';

/** The platform's word for these tests: loopback and nothing else, in a second where production takes minutes. */
const basics = `
allow: {cidrs: [127.0.0.0/8]}
leaderElection: {enabled: false}
metricsAddress: 127.0.0.1:0
apiAddress: 127.0.0.1:0
timings: {probeSeconds: 3, toolCallSeconds: 2, pollMs: 100, lookbackSeconds: 60, shutdownSeconds: 1, toolServerCheckSeconds: 1}
coalesceMs: 0
`;

export interface RunningOperator {
  /** Ends it as SIGTERM does. @throws what it failed of. */
  stop(): Promise<void>;
}

/**
 * The operator as it is shipped, but for its leader election, in this process, its requests through the proxy; what `more` names of its
 * configuration is otherwise.
 */
export function startOperator(proxy: FaultProxy, more = '{}'): RunningOperator {
  const end = new AbortController();
  const config = parseConfig(JSON.stringify({ ...(load(basics) as object), ...(load(more) as object) }));
  const running = runOperator(makeParts(config, proxy.kubeConfig(), 'error'), end.signal).catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  return {
    async stop() {
      end.abort(new Error('stopped by the test'));
      await running;
    },
  };
}
