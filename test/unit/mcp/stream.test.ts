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
});
