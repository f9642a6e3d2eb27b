import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { streamVia } from '../../../../controller/mcp/guards.ts';
import { HostRefusedError } from '../../../../controller/mcp/outbound-errors.ts';
import { SecretMissing } from '../../../../controller/mcp/secret-errors.ts';
import { systemClock } from '../../../../controller/kube/clock.ts';
import { createDialer } from '../../../../controller/mcp/outbound.ts';
import type { ModelRequest } from '../../../../controller/reasoning/claude/model-client.ts';
import { AnswerLost, ModelRefused, ModelUnavailable } from '../../../../controller/reasoning/claude/model-errors.ts';
import { createLogger } from '../../../../controller/telemetry/logger.ts';
import { redact } from '../../../../controller/redaction/redact.ts';
import type { Scripted } from '../../../helpers/messages-api/wire.ts';
import { openDialer } from '../../../helpers/open-dialer.ts';
import { answering, api, apiKey, clientOf, model, right, scripted, signal } from './bench.ts';

const request: ModelRequest = {
  model,
  max_tokens: 100,
  system: [{ type: 'text', text: 'Be brief.' }],
  tools: [{ name: 'diagnose', input_schema: { type: 'object' } }],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'What is wrong?' }] }],
};
const overloaded = (retryAfter: number): Scripted => ({ status: 529, type: 'overloaded_error', retryAfter });

describe('the client', () => {
  it('streams an answer and counts tokens', async () => {
    const started = await api(scripted(answering(right)));
    const client = clientOf(started);
    const answer = await client.send(request, signal);
    expect(answer).toMatchObject({ stop_reason: 'tool_use', content: [{ type: 'text' }, { input: right }] });
    expect(started.asked[0]?.stream).toBe(true);
    expect(await client.countTokens(request, signal)).toBeGreaterThan(10);
    expect(started.counted[0]).not.toHaveProperty('max_tokens');
  });

  it.each([
    [529, 'overloaded_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
  ])('waits as long as a service says that answers %i, and asks again', async (status, type) => {
    const started = await api(scripted({ status, type, retryAfter: 0.7 }, overloaded(0.01), answering(right)));
    expect((await clientOf(started).send(request, signal)).stop_reason).toBe('tool_use');
    const [first = 0, second = 0] = started.times;
    // By itself the SDK would wait for half a second at most. Timers are not finer than a millisecond.
    expect(second - first).toBeGreaterThan(698);
    expect(started.times).toHaveLength(3);
  });

  it('gives up on a service that stays overloaded', async () => {
    const started = await api(() => overloaded(0.01));
    await expect(clientOf(started).send(request, signal)).rejects.toThrow(ModelUnavailable);
    expect(started.asked).toHaveLength(6);
  });

  it('does not wait longer than it may, whatever the service asks for', async () => {
    const started = await api(() => overloaded(3_600));
    const client = clientOf(started, { requestSeconds: 1 });
    await expect(client.send(request, signal)).rejects.toThrow(ModelUnavailable);
    expect(started.asked).toHaveLength(1);
  });

  it('takes a hanging answer for lost, and does not ask again by itself', async () => {
    const started = await api(() => new Promise(() => undefined));
    await expect(clientOf(started, { requestSeconds: 1 }).send(request, signal)).rejects.toThrow(AnswerLost);
    expect(started.asked).toHaveLength(1);
  });

  it.each(['Drop', 'Overload', 'End', 'Reset'] as const)('takes half an answer (%s) for lost', async (breaksOff) => {
    const started = await api(scripted({ ...(answering(right) as { content: [] }), breaksOff }));
    const given = clientOf(started).send(request, signal);
    await expect(given).rejects.toThrow(AnswerLost);
    await expect(given).rejects.not.toThrow(/store|Overloaded|JSON/);
    expect(started.asked).toHaveLength(1);
  });

  it('tries again what never arrived', async () => {
    const gone = await api(scripted());
    await gone.close();
    const times: number[] = [];
    const fetching: typeof fetch = (...asked) => {
      times.push(performance.now());
      return streamVia(openDialer)(...asked);
    };
    const client = clientOf(gone, { requestSeconds: 1, access: async () => ({ apiKey, fetch: fetching }) });
    await expect(client.send(request, signal)).rejects.toThrow(ModelUnavailable);
    expect(times.length).toBeGreaterThan(1);
  });

  it('says what is wrong with a request, and does not repeat it', async () => {
    const started = await api(scripted());
    const twice = [...request.tools, ...request.tools];
    const given = clientOf(started).send({ ...request, tools: twice }, signal);
    await expect(given).rejects.toThrow(ModelRefused);
    await expect(given).rejects.toThrow(/400 invalid_request_error: tools: Tool names must be unique \(request req_/);
    expect(started.times).toHaveLength(1);
  });

  it('stops when it is told to', async () => {
    const enough = new AbortController();
    const started = await api(() => {
      enough.abort(new Error('enough'));
      return new Promise(() => undefined);
    });
    await expect(clientOf(started).send(request, enough.signal)).rejects.toThrow('enough');
  });
});

describe('the key', () => {
  it('is read once, and again when it is refused', async () => {
    const started = await api(() => answering(right));
    let reads = 0;
    const keys = [apiKey, `${apiKey}-next`];
    const access = async () => ({ apiKey: keys[Math.min(reads++, 1)] ?? '', fetch: streamVia(openDialer) });
    const client = clientOf(started, { access });
    await client.send(request, signal);
    await client.send(request, signal);
    expect(reads).toBe(1);
    started.changeKey(`${apiKey}-next`);
    await client.send(request, signal);
    expect(reads).toBe(2);
    started.changeKey('another one');
    await expect(client.send(request, signal)).rejects.toThrow(/401 authentication_error/);
    expect(reads).toBe(3);
    expect(started.asked).toHaveLength(3);
    // The two that were answered, the one that was asked twice, and the last: the same key is not tried again.
    expect(started.times).toHaveLength(5);
  });

  it('that cannot be had, or may not go there, is said', async () => {
    const started = await api(scripted());
    const missing = new SecretMissing({ namespace: 'ours', name: 'claude', field: 'claude.secretRef' });
    const none = clientOf(started, { access: () => Promise.reject(missing) });
    await expect(none.send(request, signal)).rejects.toMatchObject({ name: 'ModelRefused', cause: missing });
    const policy = { hosts: [], cidrs: [], whenEmpty: 'Ordinary' } as const;
    const dialer = createDialer({ policy, clock: systemClock });
    const elsewhere = clientOf(started, {
      access: async () => ({ apiKey, fetch: streamVia(dialer) }),
      requestSeconds: 60,
    });
    const given = elsewhere.send(request, signal).catch((error: unknown) => error);
    expect(await given).toBeInstanceOf(ModelRefused);
    expect(await given).toMatchObject({ cause: expect.any(HostRefusedError) });
    expect(started.times).toHaveLength(0);
  });

  it('is in nothing that is logged, and neither is what is asked or answered', async () => {
    const lines: string[] = [];
    const sink = new Writable({
      write(chunk: Buffer, _, done) {
        lines.push(chunk.toString());
        done();
      },
    });
    const talker = new Console(sink);
    for (const level of ['debug', 'info', 'warn', 'error', 'log'] as const) {
      vi.spyOn(console, level).mockImplementation((...words: unknown[]) => talker.log(...words));
    }
    vi.stubEnv('ANTHROPIC_LOG', 'debug');
    const log = createLogger({ level: 'debug', destination: sink, redactText: redact });
    const half = { ...(answering(right) as { content: [] }), breaksOff: 'Drop' } as const;
    const started = await api(scripted(answering(right), overloaded(0.01), half, { status: 400, type: 'x' }));
    const client = clientOf(started);
    for (const _ of [1, 2, 3]) {
      await client.send(request, signal).catch((error: unknown) => log.error('the model gave no answer', { error }));
    }
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    expect(lines).toHaveLength(2);
    for (const secret of [apiKey, 'What is wrong?', 'Be brief.', 'A session holds a lock.']) {
      expect(lines.join('')).not.toContain(secret);
    }
  });
});
