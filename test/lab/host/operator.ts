import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startBound } from '../cluster/bound-process.ts';
import { until, type Running } from '../parts/process.ts';

const main = join(import.meta.dirname, '../../../controller/main.ts');
/** An operator that loses its leadership ends itself; what a kubelet does in a cluster is done here. */
const restartMs = 500;

export interface OperatorOptions {
  /** For its configuration and its log. */
  readonly dataDir: string;
  readonly config: object;
  readonly kubeconfig: string;
  /** `host:port` of /readyz. */
  readonly metricsAddress: string;
  readonly signal: AbortSignal;
}

/** The operator as its own process, which can be killed and started again. */
export interface Operator {
  readonly logFile: string;
  /** SIGKILL, as a crash is. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it (again); resolves when its caches are synced. */
  start(): Promise<void>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
}

export async function createOperator(options: OperatorOptions): Promise<Operator> {
  const { dataDir, config, kubeconfig, metricsAddress, signal } = options;
  const configFile = join(dataDir, 'operator.json');
  const logFile = join(dataDir, 'operator.log');
  await writeFile(configFile, JSON.stringify(config, undefined, 2), { mode: 0o600 });
  let running: Running | undefined;
  let wanted = false;
  const run = async (): Promise<Running> => {
    const args = [main, '--config', configFile, '--kubeconfig', kubeconfig];
    const started = await startBound(process.execPath, args, { logFile });
    running = started;
    void started.exited.then(async () => {
      await delay(restartMs);
      if (wanted && running === started && !signal.aborted) await run();
    });
    return started;
  };
  return {
    logFile,
    async start() {
      await ready(await run(), metricsAddress, logFile, signal);
      wanted = true;
    },
    async kill() {
      wanted = false;
      running?.child.kill('SIGKILL');
      await running?.exited;
    },
    async stop() {
      wanted = false;
      await running?.stop(4000);
    },
  };
}

async function ready(running: Running, address: string, logFile: string, signal: AbortSignal): Promise<void> {
  let code: number | undefined;
  void running.exited.then((ended) => (code = ended));
  const check = async (): Promise<true | undefined> => {
    signal.throwIfAborted();
    if (code !== undefined) throw new Error(`the operator ended with code ${code}:\n${await endOf(logFile)}`);
    const answer = await fetch(`http://${address}/readyz`, { signal }).catch(() => undefined);
    await answer?.arrayBuffer();
    return answer?.ok === true ? true : undefined;
  };
  await until(`the operator to be ready (its log is ${logFile})`, check, 20_000);
}

async function endOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-10).join('\n');
}
