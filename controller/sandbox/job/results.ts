import type { KubeClient } from '../../kube/client.ts';
import { ApiError } from '../../kube/errors.ts';
import { BoundedOutput } from '../output.ts';
import type { CheckRun, ChecksRequest, ChecksResult } from '../run-checks.ts';
import type { SandboxResult } from '../sandbox.ts';
import { type Pod, pods, type Terminated } from './kinds.ts';
import { evictionOf } from './read-pod.ts';
import { checkName } from './render-job.ts';
import type { Finished, Followed } from './run-job.ts';

/** Reads what the checks said. @throws the signal's reason. */
export async function resultOf(
  { client, settings }: Pick<Followed, 'client' | 'settings'>,
  checks: ChecksRequest['checks'],
  { pod, ends, timedOut }: Finished,
  signal: AbortSignal,
): Promise<ChecksResult> {
  const runs: CheckRun[] = [];
  const killed: Terminated = { exitCode: 137, reason: 'Timeout' };
  for (const [index, end] of (timedOut ? [...ends, killed] : ends).entries()) {
    const { output, truncatedBytes } = await outputOf(client, pod, index, end, signal);
    const late = timedOut && index === ends.length;
    const said = index === ends.length - 1 ? output + evictionOf(pod) : output;
    const seconds = late ? settings.checkSeconds : secondsOf(end);
    const { exitCode, reason } = end;
    const run = { command: checks[index] ?? [], exitCode, output: said, truncatedBytes, timedOut: late };
    runs.push({ ...run, oomKilled: reason === 'OOMKilled', seconds });
  }
  return { passed: runs.length === checks.length && runs.every(({ exitCode }) => exitCode === 0), runs };
}

/** The kubelet tells whole seconds. */
function secondsOf({ startedAt, finishedAt }: Terminated): number {
  const ms = Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '');
  return Number.isFinite(ms) && ms > 0 ? ms / 1000 : 0;
}

/** Of the log's end; where a line is longer than this alone, what it ends with is in the kubelet's own message. */
const tailLines = 5_000;
const limitBytes = 1024 * 1024;

/** What a check said: its log, or what the kubelet kept of it where the log cannot be had. @throws the signal's reason. */
async function outputOf(
  client: KubeClient,
  pod: Pod,
  index: number,
  end: Terminated,
  signal: AbortSignal,
): Promise<Pick<SandboxResult, 'output' | 'truncatedBytes'>> {
  const { namespace = '', name = '' } = pod.metadata ?? {};
  const query = { container: checkName(index), tailLines, limitBytes };
  const kept = end.message ?? '';
  const log = await client
    .resource(pods)
    .getText({ namespace, name }, 'log', query, signal)
    .catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof ApiError) return `${kept}\n[the log cannot be read: ${error.message}]\n`;
      throw error;
    });
  const collected = new BoundedOutput();
  collected.add(Buffer.from(log));
  if (Buffer.byteLength(log) >= limitBytes) collected.add(Buffer.from(`\n[...]\n${kept}`));
  return { output: collected.text(), truncatedBytes: collected.truncatedBytes };
}
