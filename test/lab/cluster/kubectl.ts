import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlOptions {
  /** Whose credentials to use: the admin's without it. */
  readonly kubeconfig?: string;
  /** Standard input, for `-f -`. */
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** One minute without it. */
  readonly timeoutMs?: number;
}

/** kubectl ended with another code than 0. */
export class KubectlError extends Error {
  readonly result: KubectlResult;
  constructor(args: readonly string[], result: KubectlResult) {
    super(`kubectl ${args.join(' ')} ended with code ${result.code}: ${result.stderr.trim()}`);
    this.name = 'KubectlError';
    this.result = result;
  }
}

/** The program, and a folder of its own: it must not read or write the caller's ~/.kube. */
export interface Kubectl {
  readonly program: string;
  readonly home: string;
  readonly kubeconfig: string;
}

/** Runs kubectl to its end, whatever its code; throws only when it cannot run, runs out of time or is aborted. */
export async function runKubectl(
  kubectl: Kubectl,
  args: readonly string[],
  options: KubectlOptions = {},
): Promise<KubectlResult> {
  const bound = AbortSignal.timeout(options.timeoutMs ?? 60_000);
  const signal = options.signal === undefined ? bound : AbortSignal.any([options.signal, bound]);
  const env = { ...process.env, HOME: kubectl.home, KUBECONFIG: options.kubeconfig ?? kubectl.kubeconfig };
  signal.throwIfAborted();
  const child = spawn(kubectl.program, args, { env, signal, stdio: ['pipe', 'pipe', 'pipe'] });
  const code = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(signal.aborted ? signal.reason : error));
    child.once('close', (status) => resolve(status ?? 1));
  });
  // kubectl may end before it has read its input; its code tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const [ended, stdout, stderr] = await Promise.all([code, text(child.stdout), text(child.stderr)]);
  return { code: ended, stdout, stderr };
}

/** Like `runKubectl`, but answers standard output and throws `KubectlError` for another code than 0. */
export async function kubectlOutput(
  kubectl: Kubectl,
  args: readonly string[],
  options: KubectlOptions = {},
): Promise<string> {
  const result = await runKubectl(kubectl, args, options);
  if (result.code !== 0) throw new KubectlError(args, result);
  return result.stdout;
}
