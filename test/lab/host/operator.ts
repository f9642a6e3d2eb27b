import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startBound } from '../cluster/bound-process.ts';
import { cacheFolder } from '../parts/cache.ts';
import { until, type Running } from '../parts/process.ts';

const main = join(import.meta.dirname, '../../../controller/main.ts');
/** Keeps what Node made of our sources: half of a start's work. */
const compiled = { NODE_COMPILE_CACHE: join(cacheFolder(), 'compiled') };
const readyTimeoutMs = 45_000;
const restartMs = 500;
const stopMs = 4000;

export interface OperatorOptions {
  /** For its configuration and its log. */
  readonly dataDir: string;
  readonly config: object;
  readonly kubeconfig: string;
  /** `host:port` of /readyz. */
  readonly metricsAddress: string;
  /** Beside ours. */
  readonly env?: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}

/** The operator as its own process, which can be killed and started again. */
export interface Operator {
  readonly logFile: string;
  readonly configFile: string;
  /** SIGKILL, as a crash is. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it (again); resolves when its caches are synced. */
  start(): Promise<void>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
}

/** An operator that ends unasked, as one does that loses its leadership, is started again as a kubelet would; `note` is told. */
export async function createOperator(options: OperatorOptions): Promise<Operator> {
  const { dataDir, config, kubeconfig, metricsAddress, env, signal, note } = options;
  const configFile = join(dataDir, 'operator.json');
  const logFile = join(dataDir, 'operator.log');
  await writeFile(configFile, JSON.stringify(config, undefined, 2), { mode: 0o600 });
  let running: Running | undefined;
  /** False once its end is asked for. */
  let wanted = false;
  const run = async (): Promise<void> => {
    const args = [main, '--config', configFile, '--kubeconfig', kubeconfig];
    const started = await startBound(process.execPath, args, { logFile, env: { ...compiled, ...process.env, ...env } });
    running = started;
    await ready(started, metricsAddress, logFile, signal);
    void started.exited.then((code) => runAgain(started, code));
  };
  const runAgain = async (which: Running, code: number): Promise<void> => {
    if (running !== which || !wanted || signal.aborted) return;
    note(`the operator ended with code ${code} and is started again`);
    while (wanted && !signal.aborted) {
      await delay(restartMs, undefined, { signal }).catch(() => undefined);
      const failure = await run().then(
        () => undefined,
        (error: unknown) => String(error),
      );
      if (failure === undefined) return;
      note(failure);
    }
  };
  return {
    logFile,
    configFile,
    async start() {
      wanted = true;
      await run();
    },
    async kill() {
      wanted = false;
      running?.child.kill('SIGKILL');
      await running?.exited;
    },
    async stop() {
      wanted = false;
      await running?.stop(stopMs);
    },
  };
}

async function ready(running: Running, address: string, logFile: string, signal: AbortSignal): Promise<void> {
  let code: number | undefined;
  void running.exited.then((ended) => (code = ended));
  const check = async (): Promise<true | undefined> => {
    signal.throwIfAborted();
    if (code !== undefined) throw new Error(`the operator ended with code ${code}`);
    const answer = await fetch(`http://${address}/readyz`, { signal }).catch(() => undefined);
    await answer?.arrayBuffer();
    return answer?.ok === true ? true : undefined;
  };
  try {
    await until('the operator to be ready', check, readyTimeoutMs);
  } catch (cause) {
    signal.throwIfAborted();
    throw new Error(`the operator is not ready; the end of its log:\n${await endOf(logFile)}`, { cause });
  }
}

async function endOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-10).join('\n');
}
