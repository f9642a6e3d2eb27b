import { describe, expect, test } from 'vitest';
import { catalogueOf } from '../../../controller/actions/catalogue.ts';
import type { Json, JsonObject } from '../../../controller/api/json.ts';
import type { DeclaredSkill } from '../../../controller/api/kinds.ts';
import { compileSkill } from '../../../controller/extensions/compile-skill.ts';
import { checkParameters } from '../../../controller/topology/parameters.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { skills } from '../../../skills/catalogue.ts';
import type { ProbeContext, Skill } from '../../../skills/skill.ts';
import { behindSince, kafkaSample, lagOf } from '../../helpers/kafka.ts';

const actions = catalogueOf(skills);

function resource(change: Partial<DeclaredSkill['spec']> = {}): DeclaredSkill {
  const { skill } = kafkaSample;
  const metadata = { ...skill.metadata, namespace: 'shop', uid: 'u', generation: 1 };
  // Its remedies name its own findings.
  const { remedies = [], ...spec } = structuredClone(skill.spec);
  const kept = change.findings === undefined ? { remedies } : {};
  return { ...skill, metadata, spec: { ...spec, ...kept, ...change } };
}

function compiled(change: Partial<DeclaredSkill['spec']> = {}): Skill {
  const skill = compileSkill(resource(change), actions);
  if ('problem' in skill) throw new Error(skill.problem);
  return skill;
}

function problemOf(change: Partial<DeclaredSkill['spec']>): string {
  const skill = compileSkill(resource(change), actions);
  return 'problem' in skill ? skill.problem : 'none';
}

/** Probes a node of group `receipts` whose server gives that answer; tells what was asked. */
async function probe(skill: Skill, answer: unknown) {
  const asked: { tool: string; args: JsonObject }[] = [];
  const checked = checkParameters(skill, { group: 'receipts' });
  if (!checked.ok) throw new Error(checked.problem);
  const context = {
    node: { id: 'receipts/payments-events', name: 'payments-events', type: 'stream', with: checked.with },
    tools: { call: async (tool: string, args: JsonObject) => (asked.push({ tool, args }), answer as Json) },
    window: { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-01-01T01:00:00Z') },
    clock: systemClock,
    signal: new AbortController().signal,
  } as unknown as ProbeContext;
  return { asked, result: await skill.probe?.(context) };
}

const finding = (change: Partial<DeclaredSkill['spec']['findings'][number]>): DeclaredSkill['spec']['findings'] => [
  { kind: 'Odd', when: 'true', severity: 'Info', summary: 'odd', ...change },
];

describe('a skill from a resource', () => {
  test('asks with the parameters of the node, and tells what it found with figures and where', async () => {
    const { asked, result } = await probe(compiled(), lagOf(4200));
    expect(asked).toEqual([{ tool: 'consumer_group_lag', args: { group: 'receipts' } }]);
    expect(result?.findings).toEqual([
      {
        id: 'receipts/payments-events:kafka-lag.LagHigh:answer',
        node: 'receipts/payments-events',
        kind: 'kafka-lag.LagHigh',
        severity: 'Warning',
        summary: 'Group receipts lags by more than 1000 messages in ["payments"]',
        since: behindSince,
        value: 4200,
        threshold: 1000,
        unit: 'messages',
        source: 'kafka: consumer_group_lag {"group":"receipts"}',
      },
    ]);
  });

  test('finds nothing in an answer that is well', async () => {
    const { result } = await probe(compiled(), lagOf(3));
    expect(result).toMatchObject({ findings: [], gaps: [] });
  });

  test('gives a series of the last 360 points', async () => {
    const series = [{ name: 'lag', aspect: 'Saturation', unit: 'messages', points: 'output.map(p, [p.at, p.lag])' }];
    const points = Array.from({ length: 400 }, (_, at) => ({ at, lag: 2 * at }));
    const skill = compiled({
      findings: finding({ when: 'false' }),
      output: { type: 'array' },
      series: series as never,
    });
    const { result } = await probe(skill, points);
    expect(result?.series[0]).toMatchObject({ name: 'lag', aspect: 'Saturation', unit: 'messages' });
    expect(result?.series[0]?.points).toHaveLength(360);
    expect(result?.series[0]?.points.at(-1)).toEqual([399, 798]);
  });

  test('carries its remedies as data, under its own name', () => {
    expect(compiled().declaredRemedies).toEqual([
      {
        id: 'kafka-lag.ConsumerStuck-aws-ecs.force-new-deployment',
        cause: 'kafka-lag.ConsumerStuck',
        forKinds: ['kafka-lag.LagHigh', 'kafka-lag.NoConsumer'],
        action: 'aws-ecs.force-new-deployment',
        parameters: {},
        rationale: 'a consumer that is started anew joins its group again',
      },
    ]);
  });

  test('reads parameters of draft 7, with formats and defaults', () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: {
        span: { type: 'array', items: [{ type: 'number' }], additionalItems: false },
        at: { type: 'string', format: 'uri' },
        most: { default: 3 },
      },
    };
    const skill = compiled({ parameters: schema });
    expect(checkParameters(skill, { at: 'tcp://broker:9092' })).toEqual({
      ok: true,
      with: { at: 'tcp://broker:9092', most: 3 },
    });
    expect(checkParameters(skill, { span: [1, 2], at: 'x' })).toEqual({
      ok: false,
      problem: 'with: /span must NOT have more than 1 items; /at must match format "uri"',
    });
  });

  test('is the same thing in two maps of a namespace where the parameters are the same', () => {
    const skill = compiled();
    const identity = (given: JsonObject): string | undefined => skill.identity(given);
    expect(identity({ group: 'a', maxLag: 1 })).toBe(identity({ maxLag: 1, group: 'a' }));
    expect(identity({ group: 'a' })).not.toBe(identity({ group: 'b' }));
  });
});

describe('a value in a string', () => {
  const args = async (value: JsonObject): Promise<JsonObject | undefined> =>
    (await probe(compiled({ arguments: value }), lagOf(0))).asked[0]?.args;

  test('is itself where the string is nothing else, and text among other text', async () => {
    expect(
      await args({
        whole: '{{ with.maxLag }}',
        text: 'over {{ with.maxLag }} of {{with.group}}',
        list: [{ time: '{{ window.to }}' }],
        plain: 7,
      }),
    ).toEqual({ whole: 1000, text: 'over 1000 of receipts', list: [{ time: '2026-01-01T01:00:00.000Z' }], plain: 7 });
  });

  test('cannot be what is not in the answer yet', () => {
    expect(problemOf({ arguments: { x: '{{ output.members }}' } })).toBe('spec.arguments: Unknown variable: output');
  });
});

describe('what is wrong is told by its field', () => {
  test.each<[string, Partial<DeclaredSkill['spec']>, string]>([
    [
      'CEL that does not parse',
      { findings: finding({ when: '1 +' }) },
      'spec.findings[Odd].when: Unexpected token: EOF',
    ],
    [
      'a variable that is not there',
      { findings: finding({ value: 'env.HOME' }) },
      'spec.findings[Odd].value: Unknown variable: env',
    ],
    [
      'a hole in a summary',
      { findings: finding({ summary: 'x {{ nope }}' }) },
      'spec.findings[Odd].summary: Unknown variable: nope',
    ],
    [
      'an expression without a bound',
      { findings: finding({ when: `${'true && '.repeat(200)}true` }) },
      'spec.findings[Odd].when: is longer than 1000 characters',
    ],
    [
      'a hole that is not closed',
      { arguments: { group: '{{ with.group }' } },
      'spec.arguments: has {{ without }} or }} without {{: {{ with.group }',
    ],
    [
      'a hole that is not opened',
      { findings: finding({ summary: 'of with.group }}' }) },
      'spec.findings[Odd].summary: ',
    ],
    ['bytes', { findings: finding({ when: 'bytes("a") == b"a"' }) }, 'spec.findings[Odd].when: bytes are not taken'],
    [
      'bytes within something else',
      { findings: finding({ when: '["a"].map(a, {"x": size(b"a") + 1}).size() > 0' }) },
      'spec.findings[Odd].when: bytes are not taken',
    ],
    [
      'arguments without a bound',
      { arguments: { x: 'x'.repeat(17_000) } },
      'spec.arguments: is longer than 16384 characters',
    ],
    [
      'too many holes',
      { arguments: { x: Array.from({ length: 101 }, () => '{{ 1 }}') } },
      'spec.arguments: has more than 100 {{ }}',
    ],
    ['a schema that is none', { output: { type: 'nonsense' } }, 'spec.output: schema is invalid'],
    ['an output whose check is a promise', { output: { $async: true } }, 'spec.output: $async is not taken'],
    [
      'parameters whose check is a promise',
      { parameters: { $async: true, type: 'object' } },
      'spec.parameters: $async is not taken',
    ],
    [
      'parameters that are no object',
      { parameters: { type: 'string' } },
      'spec.parameters: is the schema of an object',
    ],
    [
      'an action that is not in the catalogue',
      { remedies: [{ cause: 'X', forKinds: ['LagHigh'], action: 'shell.run' }] },
      'spec.remedies[0].action: shell.run is not in the catalogue',
    ],
    [
      'a kind that is not found',
      { remedies: [{ cause: 'X', forKinds: ['Else'], action: 'aws-ecs.force-new-deployment' }] },
      'spec.remedies[0].forKinds: Else is none of spec.findings',
    ],
    [
      'parameters that the action does not take',
      {
        remedies: [
          { cause: 'X', forKinds: ['LagHigh'], action: 'aws-ecs.force-new-deployment', parameters: { sh: 'x' } },
        ],
      },
      'spec.remedies[0].parameters: ',
    ],
  ])('%s', (_, change, words) => {
    expect(problemOf(change)).toContain(words);
  });
});

describe('an answer that cannot be judged makes the node Unknown, never healthy', () => {
  test('one that does not fit the schema', async () => {
    await expect(probe(compiled(), { partitions: 'many' })).rejects.toThrow('does not fit spec.output: must have');
  });

  test('one that an expression cannot look into', async () => {
    const skill = compiled({ findings: finding({ when: 'output.depth > 3.0' }) });
    await expect(probe(skill, lagOf(0))).rejects.toThrow('kafka-lag.Odd: No such key: depth');
  });

  test('while a finding that could be judged stands, beside the gap', async () => {
    const both = [...finding({ when: 'output.depth > 3.0' }), ...finding({ kind: 'Sure' })];
    const { result } = await probe(compiled({ findings: both }), lagOf(0));
    expect(result?.findings.map(({ kind }) => kind)).toEqual(['kafka-lag.Sure']);
    expect(result?.gaps).toMatchObject([{ what: 'kafka-lag.Odd', reason: 'No such key: depth' }]);
  });

  test('one on which an expression comes to no end', async () => {
    const list = 'output.partitions';
    const slow = `${list}.all(a, ${list}.all(b, ${list}.all(c, ${list}.all(d, a.lag + b.lag + c.lag + d.lag >= 0.0))))`;
    const skill = compiled({ findings: finding({ when: slow }) });
    const partitions = Array.from({ length: 300 }, (_, partition) => ({ topic: 't', partition, lag: 1 }));
    await expect(probe(skill, { members: 1, partitions })).rejects.toThrow('takes longer than');
  });

  test('one of which an expression makes more than there is memory for, and the next is judged again', async () => {
    const grown = `['ab']${'.map(a, a + a + a + a)'.repeat(13)}.map(a, a.split(''))`;
    const skill = compiled({ findings: finding({ when: `${grown}.size() > 0` }) });
    const before = process.memoryUsage().rss;
    await expect(probe(skill, lagOf(0))).rejects.toThrow(/memory limit|takes longer than/);
    expect(process.memoryUsage().rss - before).toBeLessThan(500 * 1024 * 1024);
    expect((await probe(compiled(), lagOf(3))).result?.findings).toEqual([]);
  });

  test('one for which more would be asked than a server is sent', async () => {
    const doubled = `{{ ['ab']${'.map(a, a + a + a + a)'.repeat(8)}[0] }}`;
    const ask = (...texts: readonly string[]) => probe(compiled({ arguments: { texts: [...texts] } }), lagOf(0));
    await expect(ask(doubled)).rejects.toThrow('the arguments of consumer_group_lag have');
    await expect(ask(...Array.from({ length: 10 }, () => doubled))).rejects.toThrow('the values have more than');
  });

  test('and patterns neither: of an expression, of the parameters', async () => {
    const trap = `${'a'.repeat(40)}b`;
    const skill = compiled({ findings: finding({ when: `"${trap}".matches("^(a+)+$")` }) });
    await expect(probe(skill, lagOf(0))).rejects.toThrow('takes longer than');
    const schema = { type: 'object', properties: { group: { type: 'string', pattern: '^(a+)+$' } } };
    const patterned = compiled({ parameters: schema });
    const problems = Array.from({ length: 20 }, () => checkParameters(patterned, { group: trap }));
    const slow = { ok: false, problem: 'with: cannot be checked: it takes longer than 500 ms' };
    const spared = { ok: false, problem: 'with: cannot be checked: it took too long before' };
    // The other nodes of a map do not hold up everything else once more.
    expect(problems).toEqual([slow, slow, ...Array.from({ length: 18 }, () => spared)]);
  });
});
