import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import { connectStream, type ServerProcess } from '../../../controller/mcp/stream-client.ts';
import type { ToolClientOptions } from '../../../controller/mcp/client.ts';

const signal = new AbortController().signal;
const options: ToolClientOptions = { serverId: 'theirs', access: 'Read', clock: systemClock, timeoutMs: 2_000 };

function processOf(exited: Promise<unknown>) {
  const process = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    exited,
    kills: 0,
    async kill() {
      process.kills += 1;
      await exited;
    },
  };
  return process satisfies ServerProcess;
}

/** One that ends when it is killed, or by `exit`. */
function livingProcess() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const process = processOf(promise);
  return { process: Object.assign(process, { kill: async () => void (process.kills += 1) }), exit: resolve };
}

describe('a server on streams', () => {
  // An unhandled rejection would end this run as it would end the operator.
  it('that could not be started is unavailable, and nothing more', async () => {
    const process = processOf(Promise.reject(new Error('spawn ENOENT')));
    await expect(connectStream(process, options, signal)).rejects.toMatchObject({ name: 'ToolUnavailable' });
    expect(process.kills).toBe(1);
  });

  it('is ended when its caller gave up before it was spoken to', async () => {
    const process = processOf(Promise.resolve());
    const reason = new Error('enough');
    await expect(connectStream(process, options, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(process.kills).toBe(1);
  });

  it.each([
    ['pings', { id: 1, method: 'ping' }],
    ['notifications', { method: 'notifications/message', params: { level: 'info', data: 'x' } }],
    ['answers to nothing', { id: 77, result: {} }],
  ])('that floods us with %s is ended', async (_, message) => {
    const { process, exit } = livingProcess();
    const connecting = connectStream(process, options, signal);
    const line = `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
    for (let n = 0; n < 2_000; n++) process.stdout.write(line);
    await expect(connecting).rejects.toMatchObject({ name: 'ToolUnavailable' });
    expect(process.kills).toBe(1);
    expect(String(process.stdin.read()).split('\n').length).toBeLessThan(510);
    exit();
  });

  it('that makes us say more than it reads is ended', async () => {
    const { process, exit } = livingProcess();
    const connecting = connectStream(process, { ...options, maxBytes: 10_000 }, signal);
    const id = 'x'.repeat(30_000);
    for (let n = 0; n < 9; n++) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' })}\n`);
    await expect(connecting).rejects.toMatchObject({ name: 'ToolUnavailable' });
    expect(process.kills).toBe(1);
    exit();
  });
});
