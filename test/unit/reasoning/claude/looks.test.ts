import { describe, expect, it } from 'vitest';
import type { Desk } from '../../../../controller/reasoning/desk.ts';
import { answering, api, calling, clientOf, diagnose, lastTold, right, scripted } from './bench.ts';

/** Tools that answer when all of them were called. */
function together(names: readonly string[]): Desk['reads'] {
  const all = Promise.withResolvers<void>();
  let open = names.length;
  return names.map((name) => ({
    name,
    description: `Looks at ${name}.`,
    input: { type: 'object', properties: { at: { type: 'string' } }, required: ['at'], additionalProperties: false },
    call: async (input) => {
      open -= 1;
      if (open === 0) all.resolve();
      await all.promise;
      return `${name} at ${JSON.stringify(input['at'])}`;
    },
  }));
}

const results = (request: { readonly messages: readonly { readonly content: unknown }[] } | undefined): unknown =>
  request?.messages.at(-1)?.content;

describe('looks', () => {
  it('of one answer are made at once, and go back in order in one message', async () => {
    const calls = ['c', 'a', 'b'].map((name) => calling(name, { at: 'x' }));
    const { asked, ...started } = await api(scripted({ content: calls }, answering(right)));
    await diagnose({ client: clientOf(started), reads: together(['a', 'b', 'c']) });
    expect(asked[1]?.messages).toHaveLength(3);
    expect(results(asked[1])).toMatchObject(
      calls.map((call) => ({
        type: 'tool_result',
        tool_use_id: call.type === 'tool_use' ? call.id : '',
        content: expect.stringMatching(/^<<<DATA [0-9a-f]{16} result of [abc]>>>\n[abc] at "x"\n<<<END/),
      })),
    );
  });

  it('go back with what the model thought before, as it was', async () => {
    const thought = { type: 'thinking', thinking: 'The store may be locked. '.repeat(5), signature: 'signed' } as const;
    const said = [thought, { type: 'text', text: ' ' } as const, calling('a', { at: 'x' })];
    const { asked, ...started } = await api(scripted({ content: said }, answering(right)));
    await diagnose({ client: clientOf(started), reads: together(['a']) });
    // An empty text is not taken back by the service.
    expect(asked[1]?.messages[1]?.content).toMatchObject([thought, { type: 'tool_use' }]);
  });

  it('that cannot be made come back as errors', async () => {
    const wrong = [
      calling('drop_database', {}),
      calling('a', { at: 'x', force: true }),
      calling('a', 'x'),
      calling('b', { at: 'x' }),
    ];
    const { asked, ...started } = await api(scripted({ content: wrong }, answering(right)));
    const [a = fail(), b = fail()] = together(['a', 'b']);
    const fails = { ...b, call: () => Promise.reject(new TypeError('a secret of the connection')) };
    await diagnose({ client: clientOf(started), reads: [a, fails] });
    expect(results(asked[1])).toMatchObject([
      { is_error: true, content: 'There is no such tool.' },
      { is_error: true, content: expect.stringContaining('must NOT have additional properties') },
      { is_error: true, content: 'Its input is no object.' },
      { is_error: true, content: 'It could not be called: TypeError' },
    ]);
  });

  it('are offered by name behind the answer, with nothing that the service does not take', async () => {
    const { asked, ...started } = await api(scripted(answering(right)));
    const [a = fail(), b = fail()] = together(['a', 'b']);
    const choice = { ...a, name: 'z', input: { oneOf: [{ type: 'object' }] } };
    await diagnose({ client: clientOf(started), reads: [choice, b, a] });
    expect(asked[0]?.tools?.map(({ name }) => name)).toEqual(['diagnose', 'a', 'b', 'z']);
    expect(asked[0]?.tools?.at(-1)?.input_schema).toEqual({ type: 'object' });
  });

  it('end with the turns that there are; then it has to answer', async () => {
    const again = (): ReturnType<typeof answering> => ({ content: [calling('a', { at: 'x' })] });
    const { asked, ...started } = await api(scripted(again(), again(), again(), answering(right)));
    const given = await diagnose({ client: clientOf(started), reads: together(['a']), settings: { maxTurns: 4 } });
    expect(given.verdict).toBe('Cause');
    expect(asked.map((request) => lastTold(request).includes('No more looks'))).toEqual([false, false, false, true]);
    // Of the turns before it nothing is changed, so that all of them are read from the cache.
    expect(asked.every(({ tool_choice: choice }) => choice === undefined)).toBe(true);
  });

  it('end with the calls that there are, in the midst of an answer too', async () => {
    const three = [1, 2, 3].map((at) => calling('a', { at: String(at) }));
    const { asked, ...started } = await api(scripted({ content: three }, { content: three }, answering(right)));
    let made = 0;
    const reads = [{ ...(together(['a'])[0] ?? fail()), call: async () => `${(made += 1)}` }];
    const given = await diagnose({ client: clientOf(started), reads, settings: { maxCalls: 2 } });
    expect(given.verdict).toBe('Cause');
    expect(made).toBe(2);
    expect(results(asked[1])).toMatchObject([{}, {}, { is_error: true }, { type: 'text' }]);
    // It looked where it had to answer: that counts as a try.
    expect(lastTold(asked[1] ?? fail())).toContain('No more looks');
    expect(lastTold(asked[2] ?? fail())).toContain('no diagnosis was given');
  });

  it('that there is no room for are left out, and it has to answer without them', async () => {
    const long = (request: { readonly messages: readonly unknown[] }): number =>
      JSON.stringify(request.messages).includes('a at') ? 1_000_000 : 1_000;
    const { asked, ...started } = await api(scripted({ content: [calling('a', { at: 'x' })] }, answering(right)), long);
    const given = await diagnose({ client: clientOf(started), reads: together(['a']) });
    expect(given.verdict).toBe('Cause');
    expect(results(asked[1])).toMatchObject([
      { content: 'Left out: there is no room for it.' },
      { text: expect.stringContaining('No more looks') },
    ]);
  });

  it('are not needed for a diagnosis that holds, and one beside it is one too many', async () => {
    const both = [calling('diagnose', { ...right, rootCause: null }), calling('diagnose', right)];
    const { asked, ...started } = await api(scripted({ content: both }, answering(right)));
    await diagnose({ client: clientOf(started) });
    expect(results(asked[1])).toMatchObject([
      { is_error: true, content: expect.stringContaining('none is named') },
      { is_error: true, content: 'One diagnosis an answer.' },
    ]);
  });
});

function fail(): never {
  throw new Error('it is not there');
}
