import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalJson } from '../../controller/evidence/canonical.ts';
import type { Answered } from '../../controller/reasoning/question.ts';

/** One live run of a fault: every diagnosis of its session. What is true of the fault is the catalogue's to say, not the recording's. */
export interface Recording {
  readonly formatVersion: 1;
  readonly fault: string;
  /** The operator's timing that the predictions come from. */
  readonly predictionSeconds: number;
  /** In the order in which they were made. */
  readonly diagnoses: readonly Answered[];
}

/** A recording cannot be made or read. The message is for the person who asked for it. */
export class RecordingUnusable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RecordingUnusable';
  }
}

export const recordingsFolder = join(import.meta.dirname, '../fixtures/recordings');

export function recordingPath(folder: string, fault: string): string {
  return join(folder, `${fault}.json.gz`);
}

/** Where gzip says on which system it was made: as any system would have it. */
const systemByte = 9;
const unknownSystem = 255;

/** The same recording gives the same bytes: canonical JSON, and in gzip's header neither a time nor a system. */
export function encode(recording: Recording): Buffer {
  const data = gzipSync(canonicalJson(recording), { level: 9 });
  data[systemByte] = unknownSystem;
  return data;
}

/** @throws RecordingUnusable */
export function decode(data: Buffer): Recording {
  // Our own files; the version tells whether they have the shape of today.
  const recording = JSON.parse(gunzipSync(data).toString('utf8')) as Recording;
  if (recording.formatVersion !== 1) throw new RecordingUnusable('it is of another version');
  return recording;
}

/** @throws RecordingUnusable when there is none, or none that can be read */
export function readRecording(folder: string, fault: string): Recording {
  try {
    return decode(readFileSync(recordingPath(folder, fault)));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const remedy = `it is made by: npm run record -- --fault ${fault}`;
    throw new RecordingUnusable(`the recording cannot be used (${why}); ${remedy}`, { cause });
  }
}

/** Answers the file's size in bytes. */
export function writeRecording(folder: string, recording: Recording): number {
  const data = encode(recording);
  writeFileSync(recordingPath(folder, recording.fault), data);
  return data.length;
}
