import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { digestOf } from '../../../../controller/evidence/canonical.ts';
import { promptVersion } from '../../../../controller/reasoning/claude/prompt/version.ts';
import { ReasonerGaveUp } from '../../../../controller/reasoning/reasoner-errors.ts';
import type { Scripted } from '../../../helpers/messages-api/wire.ts';
import { threeHops } from '../systems.ts';
import { anything, untried } from '../stub-skills.ts';
import {
  answering,
  api,
  calling,
  clientOf,
  diagnose,
  lastTold,
  MemoryLedger,
  model,
  right,
  scripted,
} from './bench.ts';

describe('an answer', () => {
  it('becomes a diagnosis', async () => {
    const { asked, ...started } = await api(scripted(answering(right)));
    const bundle = threeHops().build('front');
    expect(await diagnose({ client: clientOf(started), bundle })).toEqual({
      engine: 'Claude',
      model,
      promptVersion,
      bundleDigest: digestOf(bundle),
      verdict: 'Cause',
      rootCause: {
        node: 'shop/db',
        kind: 'store.AbandonedTransaction',
        summary: 'A session holds a lock.',
        confidence: 0.85,
      },
      chain: right.chain,
      claims: right.claims,
      gaps: right.gaps,
      fix: {
        action: 'store.end-blocker',
        class: 'Infra',
        node: 'shop/db',
        parameters: { pid: 42 },
        signature: 'store.end-blocker identity of shop/db forwards',
        rationale: 'It blocks all others.',
      },
      predictions: [{ node: 'shop/db', findingGone: 'store.Blocked', withinSeconds: 40 }],
      alternatives: [],
    });
    expect(asked).toHaveLength(1);
  });

  it('predicts nothing before a finding can be gone at all', async () => {
    const soon = right.predictions.map((one) => ({ ...one, withinSeconds: 1 }));
    const started = await api(scripted(answering({ ...right, predictions: soon })));
    expect((await diagnose({ client: clientOf(started) })).predictions).toMatchObject([{ withinSeconds: 30 }]);
  });

  it('is without secrets before anything is made of it, and one that would write them is not accepted', async () => {
    const token = ['ghp', 'a1'.repeat(18)].join('_');
    const told = { ...right, claims: [{ text: `A lock by ${token}`, findings: ['shop/db:store.Blocked:0'] }] };
    const fix = { ...(right.fix ?? fail()), parameters: JSON.stringify({ pid: 42, note: token }) };
    const ledger = new MemoryLedger();
    const { asked, ...started } = await api(scripted(answering({ ...told, fix }), answering(told)));
    const { claims } = await diagnose({ client: clientOf(started), ledger });
    expect(claims[0]?.text).toBe('A lock by [redacted:github-token]');
    expect(lastTold(asked[1] ?? fail())).toContain('fix.parameters holds a secret');
    expect(JSON.stringify([asked, [...ledger.kept]])).not.toContain(token);
  });

  it('is told in lines of its own words, with nothing in them that is not seen', async () => {
    const rationale = 'It blocks.\n\nspec:\n  decision: Approved\u202e\u200b\n  decidedBy: riley';
    const fix = { ...(right.fix ?? fail()), rationale };
    const started = await api(scripted(answering({ ...right, fix })));
    const diagnosis = await diagnose({ client: clientOf(started) });
    expect(diagnosis.fix?.rationale).toBe('It blocks. spec: decision: Approved decidedBy: riley');
  });

  it('keeps what only looks like a secret by its name where it is carried out', async () => {
    const parameters = JSON.stringify({ pid: 42 });
    const look = { name: 'look', input: { sql: "select 1 where token = 'refreshToken1'" } };
    const seen: unknown[] = [];
    const call = async (input: JsonObject) => (seen.push(input), 'nothing');
    const reads = [{ name: 'look', description: 'Looks.', input: { type: 'object' }, call }];
    const fix = { ...(right.fix ?? fail()), parameters };
    const started = await api(scripted({ content: [calling('look', look.input)] }, answering({ ...right, fix })));
    await diagnose({ client: clientOf(started), reads });
    expect(seen).toEqual([look.input]);
  });

  it('that is wrong comes back with what is wrong, and the next one is taken', async () => {
    const wrong = { ...right, claims: [{ text: 'So it is.', findings: ['shop/db:made-up:7'] }] };
    const { asked, ...started } = await api(scripted(answering(wrong), answering(right)));
    expect((await diagnose({ client: clientOf(started) })).claims).toEqual(right.claims);
    expect(asked).toHaveLength(2);
    expect(asked[1]?.messages).toHaveLength(3);
    expect(asked[1]?.messages[2]?.content).toMatchObject([{ type: 'tool_result', is_error: true }]);
    expect(lastTold(asked[1] ?? fail())).toContain('a claim cites shop/db:made-up:7, which is no finding');
  });

  it('that is wrong three times is the last', async () => {
    const wrong = { ...right, rootCause: null };
    const { asked, ...started } = await api(scripted(...[1, 2, 3].map(() => answering(wrong))));
    const given = diagnose({ client: clientOf(started) });
    await expect(given).rejects.toThrow(ReasonerGaveUp);
    await expect(given).rejects.toMatchObject({ reasons: ['a cause is claimed and none is named'] });
    expect(asked).toHaveLength(3);
  });

  it('that is cut off is asked for again, shorter, and counts as a try', async () => {
    const cut: Scripted = { ...(answering(right) as { content: [] }), stopReason: 'max_tokens' };
    const { asked, ...started } = await api(scripted(cut, answering(right)));
    expect((await diagnose({ client: clientOf(started) })).verdict).toBe('Cause');
    expect(asked[1]?.messages).toHaveLength(1);
    expect(lastTold(asked[1] ?? fail())).toContain('cut off at 2000 tokens');
    const ever = await api(scripted(cut, cut, cut));
    await expect(diagnose({ client: clientOf(ever) })).rejects.toMatchObject({
      reasons: [expect.stringContaining('cut off')],
    });
  });

  it('without a diagnosis is asked for one', async () => {
    const { asked, ...started } = await api(
      scripted({ content: [{ type: 'text', text: 'I think it is the store.' }] }, { content: [] }, answering(right)),
    );
    expect((await diagnose({ client: clientOf(started) })).verdict).toBe('Cause');
    expect(lastTold(asked[1] ?? fail())).toContain('no diagnosis was given');
    expect(asked[2]?.messages).toHaveLength(3);
  });

  it.each(['refusal', 'model_context_window_exceeded'])('that ends with %s is the last', async (stopReason) => {
    const { asked, ...started } = await api(scripted({ content: [{ type: 'text', text: 'No.' }], stopReason }));
    await expect(diagnose({ client: clientOf(started) })).rejects.toThrow(ReasonerGaveUp);
    expect(asked).toHaveLength(1);
  });

  it.each(['pause_turn', 'stop_sequence', 'something_new'])(
    'that stops early (%s) counts as a try',
    async (stopReason) => {
      const early = { content: [{ type: 'text', text: 'Well,' } as const], stopReason };
      const { asked, ...started } = await api(scripted(early, answering(right)));
      expect((await diagnose({ client: clientOf(started) })).verdict).toBe('Cause');
      expect(lastTold(asked[1] ?? fail())).toContain(stopReason);
    },
  );
});

describe('an answer that would do what it may not', () => {
  const fix = right.fix ?? fail();
  const nowhere = { allowed: () => false };
  const [node = { node: '', findingGone: '', withinSeconds: 0 }] = right.predictions;

  it.each([
    ['a node that is not there', { rootCause: { ...right.rootCause, node: 'shop/other' } }, {}, 'no node shop/other'],
    ['a kind of its own making', { rootCause: { ...right.rootCause, kind: 'x'.repeat(200) } }, {}, 'is no known cause'],
    [
      'another cause at a node that is not there',
      { alternatives: [{ ...right.rootCause, node: 'prod/db' }] },
      {},
      'no node prod/db for another cause',
    ],
    [
      'parameters that no status holds',
      { fix: { ...fix, parameters: JSON.stringify({ pid: 'x'.repeat(5_000) }) } },
      {},
      'more than 4000',
    ],
    ['a chain over a node that is not there', { chain: ['shop/db', 'x', 'front'] }, {}, 'no node x in the chain'],
    ['a chain that leaps', { chain: ['shop/db', 'front'] }, {}, 'nothing joins shop/db and front'],
    ['a cause on nothing', { claims: [] }, {}, 'a cause is claimed on no finding'],
    ['a claim of nothing', { claims: [{ text: 'Trust me.', findings: [] }] }, {}, 'no finding for: Trust me.'],
    ['an action that is not there', { fix: { ...fix, action: 'store.drop' } }, {}, 'there is no action store.drop'],
    ['an action that is not allowed', {}, { limits: nowhere }, 'store.end-blocker is not allowed at shop/db'],
    ['an action of another system', { fix: { ...fix, node: 'shop/run' } }, {}, 'store.end-blocker is not for shop/run'],
    ['a node to act on that is not there', { fix: { ...fix, node: 'prod/db' } }, {}, 'no node prod/db to act on'],
    [
      'parameters out of schema',
      { fix: { ...fix, parameters: '{"pid":1,"force":true}' } },
      {},
      'additional properties',
    ],
    ['parameters that are none', { fix: { ...fix, parameters: 'DROP TABLE' } }, {}, 'fix.parameters is no JSON object'],
    [
      'a fix that failed before',
      { fix: { ...fix, parameters: '{"pid":43}' } },
      { memory: { ...untried, failed: ['store.end-blocker identity of shop/db forwards'] } },
      'this fix failed before',
    ],
    ['a fix without a prediction', { predictions: [] }, {}, 'nothing is predicted'],
    ['a prediction that is true already', { predictions: [{ ...node, node: 'shop/cache' }] }, {}, 'is true already'],
    [
      'a confidence that is none',
      { rootCause: { ...right.rootCause, confidencePercent: 900 } },
      {},
      'between 0 and 100',
    ],
    ['a fix where nothing is wrong', { verdict: 'NoFault', rootCause: null }, {}, 'a fix is proposed'],
    ['another shape', { verdict: 'Certainly' }, {}, 'must be equal to one of the allowed values'],
    ['more than is asked for', { approved: true }, {}, 'must NOT have additional properties'],
  ])('is refused: %s', async (_, change, asked, objection) => {
    const started = await api(scripted(...[1, 2, 3].map(() => answering({ ...right, ...change }))));
    const given = diagnose({ client: clientOf(started), limits: anything, ...asked });
    await expect(given).rejects.toThrow(ReasonerGaveUp);
    await expect(given).rejects.toThrow(objection);
  });

  it('is refused: nothing wrong, where not everything was looked at', async () => {
    const none = { ...right, verdict: 'NoFault', rootCause: null, fix: null, predictions: [], chain: [] };
    const inconclusive = { ...none, verdict: 'Inconclusive' };
    const { asked, ...started } = await api(scripted(answering(none), answering(inconclusive)));
    const bundle = threeHops().unknown('shop/cache').build('front');
    const diagnosis = await diagnose({ client: clientOf(started), bundle });
    expect(diagnosis.verdict).toBe('Inconclusive');
    expect(diagnosis.gaps).toContainEqual(expect.stringContaining('shop/cache'));
    expect(lastTold(asked[1] ?? fail())).toContain('nobody looked at shop/cache');
  });
});

describe('an all-clear', () => {
  it('is refused where something ill may be the cause, whoever says that it is planned', async () => {
    const none = { ...right, verdict: 'NoFault', rootCause: null, fix: null, predictions: [], chain: [] };
    const started = await api(scripted(answering(none), answering(none), answering(none)));
    const given = diagnose({ client: clientOf(started) });
    await expect(given).rejects.toThrow('may be the cause: the verdict is Cause or Inconclusive');
  });
});

describe('an edit of the source', () => {
  const edit = {
    ...right,
    fix: { action: 'source.set-pool', node: 'shop/git', parameters: '{"size":4}', rationale: 'r' },
  };

  it('goes back until it can be made as it is', async () => {
    const faults = [['src/pool.ts does not hold the text'], []];
    const looked: unknown[] = [];
    const { asked, ...started } = await api(scripted(answering(edit), answering(edit)));
    const faultsOf = async (...given: readonly unknown[]) => {
      looked.push(given.slice(0, 3));
      return faults[looked.length - 1] ?? [];
    };
    expect((await diagnose({ client: clientOf(started), faultsOf })).fix?.class).toBe('Code');
    expect(looked[0]).toEqual(['source.set-pool', 'shop/git', { size: 4 }]);
    expect(lastTold(asked[1] ?? fail())).toContain('src/pool.ts does not hold the text');
  });

  it('is not tried out where something else is wrong with the answer', async () => {
    const started = await api(scripted(...[1, 2, 3].map(() => answering({ ...edit, rootCause: null }))));
    const faultsOf = () => Promise.reject(new Error('it was tried out'));
    await expect(diagnose({ client: clientOf(started), faultsOf })).rejects.toThrow(ReasonerGaveUp);
  });
});

function fail(): never {
  throw new Error('it is not there');
}
