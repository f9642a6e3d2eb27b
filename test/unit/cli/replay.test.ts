import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { dump } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Evidence } from '../../../controller/api/kinds.ts';
import { readArguments } from '../../../controller/cli/replay/arguments.ts';
import { replay } from '../../../controller/cli/replay/command.ts';
import { differences } from '../../../controller/cli/replay/differences.ts';
import { InputUnusable, readInput } from '../../../controller/cli/replay/read-input.ts';
import { textOf } from '../../../controller/cli/replay/text.ts';
import { UsageError } from '../../../controller/cli/usage-error.ts';
import { canonicalJson, digestOf } from '../../../controller/evidence/canonical.ts';
import type { KeptDiagnosis } from '../../../controller/reasoning/question.ts';
import type { Diagnosis } from '../../../controller/reasoning/reasoner.ts';
import { EvidenceUnusable } from '../../../controller/session/stores/evidence-store.ts';
import { seeded, shuffled } from '../../helpers/random.ts';
import { forever } from '../../helpers/kube-things.ts';
import { answered, lockedRow, predictionSeconds, question, recording } from '../faults/made-up.ts';

let folder: string;
let printed: string[];
let told: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threehops-replay-'));
  [printed, told] = [[], []];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void told.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command on a file that holds this. */
function replayed(data: Buffer | string, ...options: readonly string[]): Promise<void> {
  const file = join(folder, 'given');
  writeFileSync(file, data);
  return replay([file, ...options], forever);
}

const uid = '0c0ffee0-0000-4000-8000-000000000001';

/** The objects that a session keeps a value in, as kubectl prints them. */
function objects(content: Evidence['spec']['content'], value: unknown, iteration = 1): readonly Evidence[] {
  const data = gzipSync(canonicalJson(value)).toString('base64');
  const chunks = 3;
  const size = Math.ceil(data.length / chunks);
  const about = { sessionName: 'broken', sessionUID: uid, iteration, content, digest: digestOf(value), chunks };
  return Array.from({ length: chunks }, (_, chunk) => ({
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'Evidence',
    metadata: {
      name: `${content}-${iteration}-${chunk}`.toLowerCase(),
      namespace: 'default',
      uid: `${iteration}-${chunk}`,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-02T03:04:05Z',
    },
    spec: { ...about, chunk, data: data.slice(chunk * size, (chunk + 1) * size) },
  }));
}

function list(items: readonly Evidence[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

async function kept(changes: Partial<Diagnosis> = {}): Promise<KeptDiagnosis> {
  const { memory, allowed, diagnosis } = await answered(question(), changes);
  return { formatVersion: 1, predictionSeconds, memory, allowed, diagnosis };
}

describe('replay', () => {
  it('of a bundle alone is a whole diagnosis: everything is allowed, and that is said', async () => {
    await replayed(JSON.stringify(lockedRow()));
    expect(JSON.parse(printed[0] ?? '')).toMatchObject({ fix: { action: 'postgres.terminate-backend' } });
    expect(told).toEqual([expect.stringContaining('everything is allowed')]);
  });

  it('of an answered question, a recording or a session’s evidence gives the same bytes again', async () => {
    const { diagnosis } = await answered(question());
    const evidence = [...objects('Bundle', lockedRow()), ...objects('Diagnosis', await kept())];
    const mixed = shuffled([...evidence, ...objects('Plan', { some: 'plan' })], seeded(1));
    const given = [
      JSON.stringify({ ...(await answered()), predictionSeconds }),
      gzipSync(canonicalJson(await recording())),
      list(mixed),
      dump(JSON.parse(list(mixed))),
    ];
    for (const data of given) {
      await replayed(data);
      expect(printed.at(-1)).toBe(canonicalJson(diagnosis));
      expect(told.at(-1)).toBe('threehops: 1 made again; 1 of 1 the same as kept');
    }
  });

  it('goes by iterations, a line each, and reasons about a bundle that has no diagnosis, too', async () => {
    const later = { ...lockedRow(), session: { ...lockedRow().session, iteration: 2 } };
    await replayed(
      list([...objects('Bundle', later, 2), ...objects('Diagnosis', await kept()), ...objects('Bundle', lockedRow())]),
    );
    const lines = printed.join('\n').split('\n');
    const digests = lines.map((line) => (JSON.parse(line) as Diagnosis).bundleDigest);
    expect(digests).toEqual([digestOf(lockedRow()), digestOf(later)]);
    expect(told[0]).toContain('2 made again; 1 of 1 the same as kept');
  });

  it('fails when something else is answered now, and says what', async () => {
    const fix = { ...(await answered()).diagnosis.fix, action: 'postgres.other' } as Diagnosis['fix'] & object;
    const given = { ...(await answered(question(), { fix })), predictionSeconds };
    await expect(replayed(JSON.stringify(given))).rejects.toThrow(
      /fix: postgres\.terminate-backend.* was postgres\.other/,
    );
    expect(printed).toHaveLength(1);
  });

  it('does not hold another engine’s answer against this one', async () => {
    await replayed(
      list([...objects('Bundle', lockedRow()), ...objects('Diagnosis', await kept({ engine: 'Claude' }))]),
    );
    expect(told[0]).toContain('0 of 0 the same as kept; 1 by another engine');
  });

  it('is read by a person in 80 columns', async () => {
    await replayed(canonicalJson(await recording()), '--output', 'text');
    const lines = printed.join('\n').split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.map((line) => line.slice(0, 13).trim()).filter((name) => name !== '' && !name.includes(','))).toEqual([
      'Symptom',
      'Cause',
      'Chain',
      'Because',
      'Fix',
      'Then',
      'Or else',
    ]);
  });
});

describe('what cannot be replayed is refused', () => {
  it('when a chunk is missing, a digest does not fit, or the bundle is not there', async () => {
    const bundle = objects('Bundle', lockedRow());
    const [first, second, third] = bundle;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three chunks');
    const changed = { ...first, spec: { ...first.spec, digest: digestOf('other') } };
    for (const items of [bundle.slice(1), [changed], objects('Diagnosis', await kept())]) {
      await expect(readInput(Buffer.from(list(items)))).rejects.toThrow(/missing|not among them/);
    }
    const forged = bundle.map((one) => ({ ...one, spec: { ...one.spec, digest: digestOf('other') } }));
    await expect(readInput(Buffer.from(list(forged)))).rejects.toThrow(EvidenceUnusable);
  });

  it('when it is something else, or of a format to come', async () => {
    const others = ['no: [json', '"text"', '{"kind":"Pod"}', '{"kind":"List","items":[]}', '{"graph":{}}'];
    for (const text of [...others, JSON.stringify({ ...lockedRow(), formatVersion: 2 })]) {
      await expect(async () => readInput(Buffer.from(text))).rejects.toThrow(InputUnusable);
    }
  });

  it('when a part of it is of another form', async () => {
    const bundle = { formatVersion: 1, symptom: {}, nodes: [] };
    const inputs = [
      { items: [null] },
      { items: 'x' },
      { bundle: null },
      { diagnoses: [{}] },
      { ...bundle, graph: {} },
      { ...bundle, graph: { nodes: [], edges: [] } },
    ];
    for (const input of inputs) {
      await expect(async () => readInput(Buffer.from(JSON.stringify(input)))).rejects.toThrow(InputUnusable);
    }
  });

  it('when the arguments make no sense', () => {
    for (const argv of [[], ['a', 'b'], ['a', '--output', 'xml'], ['a', '--else']]) {
      expect(() => readArguments(argv)).toThrow(UsageError);
    }
  });
});

it('differences in words alone are told by the field', async () => {
  const { diagnosis } = await answered();
  expect(differences(diagnosis, diagnosis)).toEqual([]);
  expect(differences(diagnosis, { ...diagnosis, gaps: ['another'] })).toEqual(['words: gaps']);
  const named = { chain: ['a'], alternatives: [], predictions: [] };
  expect(
    differences(
      { ...diagnosis, alternatives: [{ node: 'a', kind: 'b', confidence: 0, summary: '' }] },
      { ...diagnosis, ...named },
    ).map((one) => one.split(':')[0]),
  ).toEqual(['chain', 'alternatives', 'predictions']);
  expect(differences(diagnosis, { ...diagnosis, verdict: 'NoFault' })[0]).toMatch(/^verdict: NoFault/);
});

it('a text breaks within what has no spaces', async () => {
  const { diagnosis } = await answered(question(), { gaps: [`node: ${'x'.repeat(200)}`] });
  const lines = textOf(lockedRow(), diagnosis).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBe(80);
});
