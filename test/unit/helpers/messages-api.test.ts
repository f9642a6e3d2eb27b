import { onTestFinished, describe, expect, it } from 'vitest';
import { type MessagesApi, startMessagesApi } from '../../helpers/messages-api/server.ts';
import type { Script } from '../../helpers/messages-api/wire.ts';

const apiKey = 'the key of this test';
const hello: Script = () => ({ content: [{ type: 'text', text: 'Hello.' }] });
const text = (words: string, more: object = {}) => ({ type: 'text', text: words, ...more });
const tool = { name: 'look', input_schema: { type: 'object' } };
const use = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }] };
const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'seen' }] };
const ask = { role: 'user', content: 'What is wrong?' };
const plain = { model: 'm', max_tokens: 10, messages: [ask] };

async function started(script = hello): Promise<MessagesApi> {
  const api = await startMessagesApi({ script, apiKey, models: ['m'] });
  onTestFinished(() => api.close());
  return api;
}

/** Straight on the wire, by no client. */
function post({ baseUrl }: MessagesApi, body: object, headers: Record<string, string> = {}, path = '/v1/messages') {
  const all = {
    'x-api-key': apiKey,
    'anthropic-version': '2023-06-01',
    'content-type': 'application/json',
    ...headers,
  };
  return fetch(`${baseUrl}${path}`, { method: 'POST', headers: all, body: JSON.stringify(body) });
}

describe('the stand-in of the Messages API', () => {
  it('answers whole', async () => {
    const answer = await post(await started(), plain);
    expect(answer.headers.get('request-id')).toMatch(/^req_/);
    expect(await answer.json()).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'Hello.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number) },
    });
  });

  it('answers as a stream of events', async () => {
    const answer = await post(await started(), { ...plain, stream: true });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const events = [...(await answer.text()).matchAll(/^event: (\w+)\ndata: (.*)\n$/gm)];
    expect(events.map(([, name]) => name)).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    for (const [, name, data = ''] of events) expect(JSON.parse(data)).toMatchObject({ type: name });
  });

  it('counts tokens, without an answer', async () => {
    const api = await started();
    const { max_tokens: _, ...asked } = plain;
    expect(await (await post(api, asked, {}, '/v1/messages/count_tokens')).json()).toEqual({
      input_tokens: expect.any(Number),
    });
    expect(api.asked).toHaveLength(0);
  });

  it('reads from its cache what was marked before', async () => {
    const api = await started();
    const marked = { cache_control: { type: 'ephemeral' } };
    const system = [text('Be brief. '.repeat(50), marked)];
    const usage = async (body: object) =>
      ((await (await post(api, body)).json()) as { usage: Record<string, number> }).usage;
    const first = await usage({ ...plain, system });
    const again = await usage({ ...plain, system, messages: [{ role: 'user', content: 'Another question.' }] });
    expect(first['cache_creation_input_tokens']).toBeGreaterThan(100);
    expect(first['cache_read_input_tokens']).toBe(0);
    expect(again['cache_read_input_tokens']).toBe(first['cache_creation_input_tokens']);
    expect((await usage({ ...plain, system: [text('Be long.', marked)] }))['cache_read_input_tokens']).toBe(0);
  });

  it('takes a call with its result right after it', async () => {
    expect((await post(await started(), { ...plain, tools: [tool], messages: [ask, use, result] })).status).toBe(200);
  });

  const strict = { ...tool, strict: true };
  it.each([
    ['no max_tokens', { max_tokens: undefined }, /max_tokens/],
    ['no messages', { messages: [] }, /at least one message/],
    ['an answer first', { messages: [use, result] }, /first message/],
    ['an empty message', { messages: [{ role: 'user', content: [] }] }, /must not be empty/],
    ['an empty text', { messages: [{ role: 'user', content: [text(' ')] }] }, /non-empty/],
    ['a call without a result', { tools: [tool], messages: [ask, use, ask] }, /without a tool_result/],
    ['a call at the end', { tools: [tool], messages: [ask, use] }, /without a tool_result/],
    [
      'a result without a call',
      { messages: [ask, { role: 'assistant', content: 'No.' }, result] },
      /unexpected tool_use_id/,
    ],
    [
      'a text ahead of a result',
      { tools: [tool], messages: [ask, use, { ...result, content: [text('So:'), ...result.content] }] },
      /must come first/,
    ],
    ['two tools of one name', { tools: [tool, tool] }, /unique/],
    ['a tool with a bad name', { tools: [{ ...tool, name: 'look at' }] }, /should match pattern/],
    ['a tool of no object', { tools: [{ ...tool, input_schema: { type: 'string' } }] }, /of type object/],
    ['a choice of no tool', { tools: [tool], tool_choice: { type: 'tool', name: 'other' } }, /not found/],
    ['a strict schema that is open', { tools: [strict] }, /additionalProperties/],
    [
      'a strict schema with bounds',
      {
        tools: [
          {
            ...strict,
            input_schema: {
              type: 'object',
              additionalProperties: false,
              properties: { n: { type: 'integer', minimum: 1 } },
            },
          },
        ],
      },
      /'minimum' is not supported/,
    ],
    [
      'five marks',
      { system: [1, 2, 3, 4, 5].map((n) => text(String(n), { cache_control: { type: 'ephemeral' } })) },
      /maximum of 4/,
    ],
  ])('refuses %s', async (_, change, message) => {
    const api = await started();
    const answer = await post(api, { ...plain, ...change });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringMatching(message) },
    });
    expect(api.asked).toHaveLength(0);
  });

  it('refuses another key, no version and another model', async () => {
    const api = await started();
    expect((await post(api, plain, { 'x-api-key': 'another' })).status).toBe(401);
    expect((await post(api, plain, { 'x-api-key': '', authorization: `Bearer ${apiKey}` })).status).toBe(200);
    expect((await post(api, { ...plain, model: 'n' })).status).toBe(404);
    const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' };
    const unversioned = await fetch(`${api.baseUrl}/v1/messages`, {
      method: 'POST',
      headers,
      body: JSON.stringify(plain),
    });
    expect(unversioned.status).toBe(400);
  });

  it('is overloaded when it is told to be', async () => {
    const api = await started(() => ({ status: 529, type: 'overloaded_error', retryAfter: 7 }));
    const answer = await post(api, plain);
    expect(answer.status).toBe(529);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(await answer.json()).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
  });
});
