import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import { type EmbeddedClient, startEmbedded } from '../../../controller/mcp/embedded-client.ts';
import {
  ToolAborted,
  ToolAnswerInvalid,
  ToolAnswerTooLarge,
  ToolError,
  ToolFailed,
  ToolRefused,
  ToolTimeout,
  ToolUnavailable,
} from '../../../controller/mcp/errors.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import { restrictTools } from '../../../controller/mcp/restrict.ts';
import type { ToolAccess } from '../../../controller/mcp/server.ts';
import type { EmbeddedServer } from '../../../controller/mcp/tool.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { type EchoBackend, echoServer } from './echo-server.ts';

const signal = new AbortController().signal;
const running: EmbeddedClient[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

async function start(answer: EchoBackend['answer'], access: ToolAccess = 'ReadWrite', onCall = () => {}) {
  const { server, backends, closed } = echoServer(answer);
  const connection = { settings: {}, credentials: {}, dialer: openDialer };
  const options = { access, clock: systemClock, timeoutMs: 2_000, maxBytes: 1_000, onCall };
  const embedded = await startEmbedded(server as EmbeddedServer, connection, options, signal);
  running.push(embedded);
  return { client: embedded.client, backend: backends[0] as EchoBackend, closed, embedded };
}

/** The error of a call that must fail. */
async function failure(call: Promise<unknown>): Promise<ToolError> {
  const error = await call.then(
    () => undefined,
    (one: unknown) => one,
  );
  expect(error).toBeInstanceOf(ToolError);
  return error as ToolError;
}

const never = (_text: string, stop: AbortSignal) =>
  new Promise<never>((_resolve, reject) => stop.addEventListener('abort', () => reject(stop.reason as Error)));

describe('a tool client', () => {
  it('answers objects, arrays and what defaults the schema fills in', async () => {
    const { client } = await start((text) => (text === '' ? ['a', 'b'] : { said: text }));
    const args = Object.freeze({ text: 'hi' });
    expect(await client.call('echo', args, signal)).toEqual({ said: 'hi 2' });
    expect(await client.call('list', {}, signal)).toEqual(['a', 'b']);
    expect(args).toEqual({ text: 'hi' });
  });

  it('gives JSON and not what the server holds', async () => {
    const held = { said: 'x', at: new Date(0) } as unknown as Record<string, string>;
    const { client } = await start(() => held);
    const answer = (await client.call('echo', { text: 'x' }, signal)) as Record<string, unknown>;
    expect(answer).toEqual({ said: 'x', at: '1970-01-01T00:00:00.000Z' });
    expect(answer).not.toBe(held);
  });

  it('refuses an answer that does not fit the output schema', async () => {
    const { client } = await start(() => ({ unsaid: 1 }));
    const read = await failure(client.call('echo', { text: 'x' }, signal));
    expect(read).toBeInstanceOf(ToolAnswerInvalid);
    expect(read.outcomeUnknown).toBe(false);
    expect(read.message).toContain("'said'");
    const written = await failure(client.call('threehops_write', { text: 'x' }, signal));
    expect(written).toBeInstanceOf(ToolAnswerInvalid);
    expect(written.outcomeUnknown).toBe(true);
  });

  it('refuses an answer over the limit, and takes one within a larger limit', async () => {
    const { client } = await start(() => ({ said: 'x'.repeat(2_000) }));
    expect(await failure(client.call('echo', { text: 'x' }, signal))).toBeInstanceOf(ToolAnswerTooLarge);
    await expect(client.call('echo', { text: 'x' }, signal, { maxBytes: 10_000 })).resolves.toBeDefined();
  });

  it('refuses 50 MB before anything looks at them', async () => {
    const { client } = await start(() => ({ said: 'x'.repeat(50_000_000) }));
    const call = client.call('echo', { text: 'x' }, signal, { maxBytes: 100_000_000 });
    expect(await failure(call)).toBeInstanceOf(ToolAnswerTooLarge);
  });

  it('names the field of wrong arguments, and sends nothing', async () => {
    const { client, backend } = await start(() => ({ written: 1 }));
    const error = await failure(client.call('threehops_write', { text: 1 }, signal));
    expect(error).toMatchObject({ code: 'InvalidArguments', outcome: 'NotDone' });
    expect(error.message).toContain('/text');
    expect(backend.written).toEqual([]);
  });

  it('times out: a write then has an unknown outcome, a read has not', async () => {
    const { client, backend } = await start(never);
    const read = await failure(client.call('echo', { text: 'x' }, signal, { timeoutMs: 20 }));
    expect(read).toBeInstanceOf(ToolTimeout);
    expect(read.outcomeUnknown).toBe(false);
    const written = await failure(client.call('threehops_write', { text: 'once' }, signal, { timeoutMs: 20 }));
    expect(written).toBeInstanceOf(ToolTimeout);
    expect(written.outcomeUnknown).toBe(true);
    expect(backend.written).toEqual(['once']);
  });

  it('stops the tool when the caller gives up', async () => {
    const seen: string[] = [];
    const { client } = await start(async (text, stop) => {
      seen.push(`start ${text}`);
      await never(text, stop).catch(() => seen.push(`stop ${text}`));
      return {};
    });
    const reason = new Error('enough');
    const reading = new AbortController();
    const read = client.call('echo', { text: 'r' }, reading.signal);
    await expect.poll(() => seen).toEqual(['start r 2']);
    reading.abort(reason);
    await expect(read).rejects.toBe(reason);
    await expect.poll(() => seen).toEqual(['start r 2', 'stop r 2']);
    const writing = new AbortController();
    const written = failure(client.call('threehops_write', { text: 'w' }, writing.signal));
    await expect.poll(() => seen).toContain('start w');
    writing.abort(reason);
    expect(await written).toBeInstanceOf(ToolAborted);
    expect((await written).outcomeUnknown).toBe(true);
  });

  it('does not start a tool whose caller has given up already', async () => {
    const writing = new AbortController();
    // Right after the message is sent, and before the server looks at it.
    const giveUp = (): void => queueMicrotask(() => writing.abort(new Error('enough')));
    const { client, backend } = await start(() => ({ written: 1 }), 'ReadWrite', giveUp);
    const written = failure(client.call('threehops_write', { text: 'w' }, writing.signal));
    expect(await written).toBeInstanceOf(ToolAborted);
    await client.call('threehops_write', { text: 'next' }, signal);
    expect(backend.written).toEqual(['next']);
  });

  it('leaves no listener on a signal that outlives the call', async () => {
    const { client } = await start((text) => ({ said: text }));
    let listeners = 0;
    const long = new AbortController().signal;
    const add = long.addEventListener.bind(long);
    const remove = long.removeEventListener.bind(long);
    long.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    long.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));
    for (let n = 0; n < 3; n++) await client.call('echo', { text: 'x' }, long);
    expect(listeners).toBe(0);
  });

  it('leaves the write tools out where only reading is granted', async () => {
    const { client, backend } = await start(() => ({ written: 1 }), 'Read');
    expect(client.tools.map((tool) => tool.name)).toEqual(['echo', 'list']);
    expect(await failure(client.call('threehops_write', { text: 'x' }, signal))).toBeInstanceOf(ToolRefused);
    expect(backend.written).toEqual([]);
  });

  it('knows a tool that the server lacks, and one that the skill does not list', async () => {
    const { client } = await start(() => ({ said: 'x' }));
    expect(await failure(client.call('other', {}, signal))).toBeInstanceOf(ToolUnavailable);
    const narrowed = restrictTools(client, 'echo', ['list']);
    expect(await failure(narrowed.call('echo', { text: 'x' }, signal))).toBeInstanceOf(ToolRefused);
  });

  it('is unavailable after its end, also for calls in flight', async () => {
    const { client, embedded, closed } = await start(never);
    const inFlight = failure(client.call('threehops_write', { text: 'x' }, signal));
    await embedded.close();
    expect(await inFlight).toBeInstanceOf(ToolUnavailable);
    expect((await inFlight).outcomeUnknown).toBe(true);
    expect(await failure(client.call('echo', { text: 'x' }, signal))).toBeInstanceOf(ToolUnavailable);
    expect(client.open).toBe(false);
    expect(closed).toHaveLength(1);
  });
});

describe('the failure of a tool', () => {
  const thrown = (fields: object, message = 'no'): Error => Object.assign(new Error(message), fields);
  it.each([
    ['our own word', new ToolFault('Drained', 'no'), 'Drained', 'NotDone'],
    ['our own word for a lost answer', new ToolFault('Lost', 'no', { outcome: 'Unknown' }), 'Lost', 'Unknown'],
    [
      'an AWS refusal',
      thrown({ name: 'ClusterNotFoundException', $metadata: { httpStatusCode: 400 } }),
      'ClusterNotFoundException',
      'NotDone',
    ],
    [
      'an AWS server error',
      thrown({ name: 'ServerException', $metadata: { httpStatusCode: 500 } }),
      'ServerException',
      'Unknown',
    ],
    ['an Octokit answer', thrown({ name: 'HttpError', status: 404 }), 'Http404', 'NotDone'],
    ['an ambiguous HTTP answer', thrown({ name: 'HttpError', status: 409 }), 'Http409', 'Unknown'],
    ['an SQL error', thrown({ name: 'error', severity: 'ERROR', code: '42P01' }), '42P01', 'NotDone'],
    ['an SQL connection that broke', thrown({ name: 'error', severity: 'FATAL', code: '57P01' }), '57P01', 'Unknown'],
    ['a connection that never was', thrown({ code: 'ECONNREFUSED' }), 'ECONNREFUSED', 'NotDone'],
    ['a connection that broke', thrown({ code: 'ECONNRESET' }), 'ECONNRESET', 'Unknown'],
    [
      'a refused host below an SDK error',
      thrown({ name: 'FetchError', cause: thrown({ code: 'HostRefused' }) }),
      'HostRefused',
      'NotDone',
    ],
    ['a plain error', new Error('no'), 'Error', 'Unknown'],
    ['no error at all', 'no', 'Error', 'Unknown'],
  ])('%s', async (_title, cause, code, outcome) => {
    const { client } = await start(() => {
      throw cause;
    });
    const written = await failure(client.call('threehops_write', { text: 'x' }, signal));
    expect(written).toBeInstanceOf(ToolFailed);
    expect(written).toMatchObject({ code, outcome, server: 'echo', tool: 'threehops_write' });
    const read = await failure(client.call('echo', { text: 'x' }, signal));
    expect(read).toMatchObject({ code, outcome: 'NotDone' });
  });

  it('is said without secrets, and not at length', async () => {
    const { client } = await start(() => {
      throw new Error(`no connection to postgres://app:hunter2@db ${'x'.repeat(100_000)}`);
    });
    const error = await failure(client.call('echo', { text: 'x' }, signal));
    expect(error.message).toContain('postgres://app:[redacted:url-password]@db');
    expect(error.message.length).toBeLessThan(2_100);
  });
});
