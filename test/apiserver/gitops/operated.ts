import { FaultProxy } from '../../helpers/fault-proxy.ts';
import { configOf, install, type Installed } from '../session/installed.ts';
import { startOperator } from '../session/running-operator.ts';

/** The product in a namespace of one's own, and the operator at work; `close` stops it. */
export async function operated(namespace: string): Promise<Installed> {
  const on = await install(namespace);
  const proxy = await FaultProxy.start({ target: configOf(on.operator.kubeconfig) });
  const operator = startOperator(proxy);
  return {
    ...on,
    async close() {
      await operator.stop();
      await proxy.stop();
      await on.close();
    },
  };
}
