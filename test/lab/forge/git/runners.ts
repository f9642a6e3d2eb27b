import { fork, type ChildProcess } from 'node:child_process';
import type { GitAnswer, GitCall } from './runner.ts';

interface Waiting {
  resolve(answer: GitAnswer): void;
  reject(error: unknown): void;
}

/** The one git runner of this process, started with the first call; it keeps nothing alive that has no call under way. */
let runner: ChildProcess | undefined;
let calls = 0;
const waiting = new Map<number, Waiting>();

/** @throws the signal's reason */
export async function callGit(call: Omit<GitCall, 'id'>, signal: AbortSignal): Promise<GitAnswer> {
  signal.throwIfAborted();
  const child = (runner ??= start());
  const id = (calls += 1);
  const stop = (): void => {
    waiting.get(id)?.reject(signal.reason);
    if (child.connected) child.send({ stop: id });
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<GitAnswer>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      child.channel?.ref();
      child.send({ ...call, id });
    });
  } finally {
    signal.removeEventListener('abort', stop);
    waiting.delete(id);
    if (waiting.size === 0) child.channel?.unref();
  }
}

function start(): ChildProcess {
  const file = new URL('./runner.ts', import.meta.url);
  const child = fork(file, { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.unref();
  child.on('message', (answer: GitAnswer) => waiting.get(answer.id)?.resolve(answer));
  for (const event of ['error', 'exit'] as const) child.once(event, (why) => lose(child, why));
  return child;
}

function lose(child: ChildProcess, why: unknown): void {
  if (runner !== child) return;
  runner = undefined;
  for (const call of waiting.values()) call.reject(new Error(`the git runner ended: ${String(why)}`));
}
