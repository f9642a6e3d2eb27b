/**
 * Runs git for the forge, as a process of its own. A fork copies the page tables of whoever asks for it: tens of milliseconds in a test run
 * of some hundred megabytes, during which nothing else there happens, and about four in here. Ends with its parent.
 */
import { spawn, type ChildProcess } from 'node:child_process';

export interface GitCall {
  readonly id: number;
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input: string | Uint8Array;
}

/** What a call came to: `code` is null when a signal ended it, and `error` is there when git could not be started at all. */
export interface GitAnswer {
  readonly id: number;
  readonly code: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: string;
  readonly error?: string;
}

export interface GitStop {
  readonly stop: number;
}

const running = new Map<number, ChildProcess>();

process.on('message', (message: GitCall | GitStop) => {
  if ('stop' in message) running.get(message.stop)?.kill('SIGKILL');
  else void answer(message);
});
process.once('disconnect', () => process.exit());

async function answer(call: GitCall): Promise<void> {
  const { id } = call;
  const told = await run(call).catch((error: unknown) => ({ code: null, stderr: '', error: String(error) }));
  running.delete(id);
  process.send?.({ id, stdout: new Uint8Array(), ...told } satisfies GitAnswer);
}

async function run({ id, cwd, args, env, input }: GitCall): Promise<Omit<GitAnswer, 'id'>> {
  const child = spawn('git', args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  running.set(id, child);
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  // git may end without reading its input; the exit code tells what is to be told.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  return { code, stdout: Buffer.concat(output), stderr: Buffer.concat(errors).toString('utf8') };
}
