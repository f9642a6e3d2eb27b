import { afterAll, describe, expect, test } from 'vitest';
import { redactJson } from '../../../controller/redaction/redact-json.ts';
import { redact } from '../../../controller/redaction/redact.ts';
import { counted, Figures } from '../../helpers/secrets/figures.ts';
import { lookAlikes } from '../../helpers/secrets/harmless.ts';
import { casesOf, plantedSecrets } from '../../helpers/secrets/planted.ts';
import { type Case, transforms } from '../../helpers/secrets/transforms.ts';

const seed = 20_260_101;
const specimens = plantedSecrets(seed);
const byTransform = Map.groupBy(casesOf(specimens, seed), ({ transform }) => transform);
const harmless = lookAlikes(seed);
const figures = new Figures();
const told: string[] = [];

afterAll(() => {
  const kinds = new Set(specimens.map(({ kind }) => kind)).size;
  const lines = [`${specimens.length} secrets of ${kinds} kinds`, ...figures.lines(), ...told];
  process.stdout.write(`redaction of texts\n${lines.map((line) => `  ${line}\n`).join('')}`);
});

function redacted({ given }: Case): unknown {
  return typeof given === 'string' ? redact(given) : redactJson([...given]);
}

describe('planted secrets', () => {
  test('are many, of many kinds, and no two alike', () => {
    expect(new Set(specimens.map(({ secret }) => secret)).size).toBeGreaterThanOrEqual(250);
    expect(new Set(specimens.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(60);
  });

  test.each(Object.keys(transforms))('none comes out: %s', (transform) => {
    const cases = byTransform.get(transform) ?? [];
    for (const one of cases) figures.judge(transform, redacted(one), [one]);
    expect(cases).not.toEqual([]);
    expect(figures.leaked(transform), `came out: ${figures.leaks(transform).join('; ')}`).toBe(0);
  });

  test('none comes out of a value of JSON in which it stands at any depth', () => {
    const cases = (byTransform.get('as it is') ?? []).filter(({ given }) => typeof given === 'string');
    for (const one of cases) {
      const value = { level: 'error', fields: { note: [one.given, { deep: one.given }] } };
      figures.judge('in a value of JSON', redactJson(value), [one]);
    }
    expect(figures.leaked('in a value of JSON'), `came out: ${figures.leaks('in a value of JSON').join('; ')}`).toBe(0);
  });

  test('what is hidden once stays as it is', () => {
    const cases = byTransform.get('as it is') ?? [];
    const again = cases.map(redacted).filter((text) => typeof text === 'string' && redact(text) !== text);
    expect(again).toEqual([]);
  });
});

describe('look-alikes', () => {
  test('are many, of many kinds', () => {
    expect(harmless.length).toBeGreaterThanOrEqual(1000);
    expect(new Set(harmless.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(40);
  });

  test('at most one in a hundred is touched', () => {
    const touched = harmless.filter(({ text }) => redact(text) !== text);
    const share = touched.length / harmless.length;
    const causes = counted(touched.map(({ kind, transform }) => `${kind}: ${transform}`));
    told.push(`${harmless.length} look-alikes, ${touched.length} touched (${(100 * share).toFixed(2)} %)`, ...causes);
    expect(share, `touched: ${causes.join('; ')}`).toBeLessThanOrEqual(0.01);
  });

  test('no kind of them is touched for the most part', () => {
    const byKind = Map.groupBy(harmless, ({ kind }) => kind);
    const hit = [...byKind].filter(
      ([, all]) => all.filter(({ text }) => redact(text) !== text).length > all.length / 2,
    );
    expect(hit.map(([kind]) => kind)).toEqual([]);
  });
});
