import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../controller/evidence/canonical.ts';
import { disguised, essenceOf } from '../../faults/disguise.ts';
import { encode, readRecording, recordingPath, RecordingUnusable, writeRecording } from '../../faults/recording.ts';
import { diagnoseAgain, rejudged } from '../../faults/replay.ts';
import { seeded } from '../../helpers/random.ts';
import { rename } from '../../helpers/renaming.ts';
import { answered, database, predictionSeconds, question, recording } from './made-up.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threehops-recording-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a recording', () => {
  it('is read as it was written', async () => {
    const written = await recording();
    writeRecording(folder, written);
    expect(readRecording(folder, written.fault)).toEqual(written);
  });

  it('is the same bytes whenever and wherever it is written, and canonical JSON within', async () => {
    const one = await recording();
    const reversed = Object.fromEntries(Object.entries(one).toReversed()) as unknown as typeof one;
    expect(encode(reversed)).toEqual(encode(one));
    expect([...encode(one).subarray(4, 8)]).toEqual([0, 0, 0, 0]);
    expect(gunzipSync(encode(one)).toString()).toBe(canonicalJson(one));
  });

  it('that is missing, damaged or of another version is said to be so, and how to have it again', () => {
    const put = (name: string, data: Buffer | string): void => writeFileSync(recordingPath(folder, name), data);
    put('damaged', 'no gzip');
    put('old', gzipSync(JSON.stringify({ formatVersion: 0 })));
    for (const name of ['missing', 'damaged', 'old']) {
      expect(() => readRecording(folder, name)).toThrow(RecordingUnusable);
      expect(() => readRecording(folder, name)).toThrow(`npm run record -- --fault ${name}`);
    }
  });
});

describe('a diagnosis that is made again', () => {
  it('is the same to the byte, and its predictions have the operator’s timing', async () => {
    const { diagnosis } = await answered();
    const again = await diagnoseAgain(question(), { predictionSeconds });
    expect(canonicalJson(again)).toBe(canonicalJson(diagnosis));
    expect(again.predictions[0]).toMatchObject({ node: database, withinSeconds: predictionSeconds });
  });

  it('knows what was allowed, and where', async () => {
    const at = async (allowed: Record<string, readonly string[]>) =>
      (await diagnoseAgain(question({ allowed }), { predictionSeconds })).fix?.action;
    expect(await at({ 'postgres.terminate-backend': [database] })).toBe('postgres.terminate-backend');
    expect(await at({ 'postgres.terminate-backend': ['elsewhere'] })).toBeUndefined();
    expect(await at({})).toBeUndefined();
  });

  it('knows what was tried', async () => {
    const { diagnosis } = await answered();
    const failed = [diagnosis.fix?.signature ?? ''];
    const again = await diagnoseAgain(question({ memory: { failed, kept: [], history: [] } }), { predictionSeconds });
    expect(again.fix).toBeUndefined();
  });

  it('takes the place of the stored one, and of nothing else', async () => {
    const { diagnoses, ...rest } = await recording();
    const stale = diagnoses.map((one) => ({ ...one, diagnosis: { ...one.diagnosis, chain: [] } }));
    expect(await rejudged({ ...rest, diagnoses: stale })).toEqual({ ...rest, diagnoses });
  });
});

it('the made-up diagnosis is the same in whatever order and under whatever names', async () => {
  const { diagnosis } = await answered();
  for (let seed = 1; seed <= 20; seed += 1) {
    const { question: other, names } = disguised(question(), seeded(seed));
    const again = await diagnoseAgain(other, { predictionSeconds });
    expect(again.rootCause?.node).not.toBe(database);
    expect(essenceOf(again)).toEqual(rename(essenceOf(diagnosis), names));
  }
});
