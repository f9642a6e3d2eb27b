import { describe, expect, it } from 'vitest';
import type { TokenUse } from '../../../../controller/reasoning/desk.ts';
import { ReasonerGaveUp } from '../../../../controller/reasoning/reasoner-errors.ts';
import type { MessagesApi } from '../../../helpers/messages-api/server.ts';
import type { Script } from '../../../helpers/messages-api/wire.ts';
import { threeHops } from '../systems.ts';
import { answering, api, calling, clientOf, diagnose, MemoryLedger, right, scripted, settings } from './bench.ts';

/** One that does not live to see what it asked for kept. */
class DyingLedger extends MemoryLedger {
  readonly #diesAt: string;

  constructor(diesAt: string) {
    super();
    this.#diesAt = diesAt;
  }

  override async keep(key: string, value: unknown): Promise<unknown> {
    if (key.startsWith(this.#diesAt)) throw new Error('the process died');
    return super.keep(key, value);
  }

  /** What the next process finds. */
  left(): MemoryLedger {
    const next = new MemoryLedger();
    for (const [key, value] of this.kept) next.kept.set(key, value);
    return next;
  }
}

async function died(started: MessagesApi, at: string): Promise<MemoryLedger> {
  const ledger = new DyingLedger(at);
  await expect(diagnose({ client: clientOf(started), ledger, reads: [look] })).rejects.toThrow('the process died');
  return ledger.left();
}

let looks = 0;
const look = {
  name: 'look',
  description: 'Looks.',
  input: { type: 'object' },
  call: async () => `seen ${(looks += 1)} times`,
};
const lookFirst: Script = (request) =>
  request.messages.length === 1 ? { content: [calling('look', {})] } : answering(right);

describe('the ledger', () => {
  it('answers what was asked before, without the model', async () => {
    const ledger = new MemoryLedger();
    const [first, again]: TokenUse[][] = [[], []];
    const started = await api(lookFirst);
    const session = { client: clientOf(started), ledger, reads: [look] };
    const diagnosis = await diagnose({ ...session, spent: first ?? [] });
    expect(started.asked).toHaveLength(2);
    const refusing = {
      countTokens: () => Promise.reject(new Error('no')),
      send: () => Promise.reject(new Error('no')),
    };
    expect(await diagnose({ ...session, client: refusing, spent: again ?? [] })).toEqual(diagnosis);
    // What it cost is known, and is not paid again.
    expect(again).toEqual(first);
    expect(ledger.keys('asked/')).toHaveLength(2);
  });

  it('holds each request, attempt and answer before anything is made of them', async () => {
    const ledger = new MemoryLedger();
    const started = await api((request) => {
      expect(ledger.keys('asked/')).toHaveLength(Math.ceil(request.messages.length / 2));
      expect(ledger.keys('answer/')).toHaveLength(Math.floor(request.messages.length / 2));
      return lookFirst(request, 0);
    });
    await diagnose({ client: clientOf(started), ledger, reads: [look] });
    expect(ledger.keys('reply/')).toHaveLength(2);
  });

  it('has a lost answer asked for once more, counted, and not twice', async () => {
    const started = await api(lookFirst);
    const once = await died(started, 'answer/');
    expect(started.asked).toHaveLength(1);
    const spent: TokenUse[] = [];
    await diagnose({ client: clientOf(started), ledger: once, reads: [look], spent });
    expect(started.asked).toHaveLength(3);
    const [lost, answered] = spent;
    expect(lost?.output).toBe(0);
    expect(lost?.input).toBeGreaterThan(0);
    expect(answered?.output).toBeGreaterThan(0);

    const twice = await died(started, 'answer/');
    for (const key of twice.keys('asked/')) twice.kept.set(key.replace(/1$/, '2'), '{"input":7}');
    const before = started.asked.length;
    const given = diagnose({ client: clientOf(started), ledger: twice, reads: [look] });
    await expect(given).rejects.toThrow(ReasonerGaveUp);
    expect(started.asked).toHaveLength(before);
  });

  it('goes on from the same words of the tools', async () => {
    const started = await api(lookFirst);
    looks = 0;
    const ledger = new MemoryLedger();
    await diagnose({ client: clientOf(started), ledger, reads: [look] });
    // The second answer is lost; what was seen before it is not looked at again.
    for (const key of ledger.keys('answer/').slice(1)) ledger.kept.delete(key);
    await diagnose({ client: clientOf(started), ledger, reads: [look] });
    expect(looks).toBe(1);
    expect(started.asked[2]).toEqual(started.asked[1]);
  });

  it('has two processes go by the same answer, whichever was there first', async () => {
    const ledger = new MemoryLedger();
    // The other one is answered while this one still waits.
    const started = await api((request, number) => {
      const [key = ''] = ledger.keys('asked/').slice(-1);
      const other = { ...right, rootCause: { ...right.rootCause, summary: 'the other one was told so' } };
      const usage = { input_tokens: 1, output_tokens: 1 };
      const answer = { content: [calling('diagnose', other)], stop_reason: 'tool_use', usage };
      ledger.kept.set(key.replace('asked', 'answer').replace(/\/1$/, ''), JSON.stringify(answer));
      return lookFirst({ ...request, messages: [...request.messages, ...request.messages] }, number);
    });
    const diagnosis = await diagnose({ client: clientOf(started), ledger });
    expect(diagnosis.rootCause?.summary).toBe('the other one was told so');
  });

  it.each(['Drop', 'Overload', 'End', 'Reset'] as const)(
    'has an answer that broke off (%s) asked for once more',
    async (breaksOff) => {
      const half = { ...(answering(right) as { content: [] }), breaksOff };
      const started = await api(scripted(half, answering(right)));
      const ledger = new MemoryLedger();
      expect((await diagnose({ client: clientOf(started), ledger })).verdict).toBe('Cause');
      expect(started.asked).toHaveLength(2);
      expect(ledger.keys('asked/')).toHaveLength(2);
      const never = await api(scripted(half, half));
      await expect(diagnose({ client: clientOf(never) })).rejects.toThrow(ReasonerGaveUp);
      expect(never.asked).toHaveLength(2);
    },
  );
});

describe('the budget', () => {
  it('is spent by what the service counted, whether it came from its cache or not', async () => {
    const spent: TokenUse[] = [];
    const started = await api(lookFirst);
    await diagnose({ client: clientOf(started), reads: [look], spent });
    const [first, second] = spent.map(({ input }) => input);
    expect(second).toBeGreaterThan(first ?? Infinity);
    expect(spent.every(({ output }) => output > 0)).toBe(true);
  });

  it('that is used up lets nothing go out', async () => {
    const started = await api(lookFirst);
    const given = diagnose({ client: clientOf(started), reads: [look], tokens: settings.maxTokens });
    await expect(given).rejects.toThrow(ReasonerGaveUp);
    expect(started.asked).toHaveLength(0);
    expect(started.counted).toHaveLength(0);
  });

  it('ends a conversation that it does not cover any more', async () => {
    const started = await api(lookFirst);
    const spent: TokenUse[] = [];
    await diagnose({ client: clientOf(started), reads: [look], spent });
    const [first] = spent;
    const tokens = (first?.input ?? 0) + settings.maxTokens + 10;
    await expect(diagnose({ client: clientOf(started), reads: [look], tokens })).rejects.toThrow(ReasonerGaveUp);
    expect(started.asked).toHaveLength(3);
  });

  it('has the evidence told shorter where it is too long by the service, once', async () => {
    const contextTokens = 20_000;
    const bundle = threeHops();
    for (let at = 0; at < 40; at++) bundle.finding('shop/run', 'compute.Note', 'Info', 100, { text: 'x'.repeat(500) });
    const size = (request: unknown): number => JSON.stringify(request).length;
    // A service whose tokens are smaller than we think.
    const started = await api(scripted(answering(right)), (request) => size(request.messages));
    const ledger = new MemoryLedger();
    const session = { client: clientOf(started), ledger, settings: { contextTokens }, bundle: bundle.build('front') };
    await diagnose(session);
    const [whole, less] = started.counted.map((request) => size(request.messages));
    expect(whole).toBeGreaterThan(contextTokens);
    expect(less).toBeLessThanOrEqual(contextTokens);
    expect(JSON.stringify(started.asked[0]?.messages)).toContain('left out');
    await diagnose(session);
    expect(started.counted).toHaveLength(2);

    const hopeless = await api(scripted(), () => contextTokens + 1);
    await expect(diagnose({ ...session, ledger: new MemoryLedger(), client: clientOf(hopeless) })).rejects.toThrow(
      ReasonerGaveUp,
    );
    expect(hopeless.counted).toHaveLength(2);
    expect(hopeless.asked).toHaveLength(0);
  });
});
