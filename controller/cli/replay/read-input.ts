import { gunzipSync } from 'node:zlib';
import { load } from 'js-yaml';
import type { Evidence } from '../../api/kinds.ts';
import type { EvidenceBundle } from '../../evidence/bundle.ts';
import type { Answered } from '../../reasoning/question.ts';
import { askedOf, type Asked } from './asked.ts';
import { askedFrom } from './evidence-objects.ts';

/** What was given cannot be reasoned about. The message says why, for a person. */
export class InputUnusable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InputUnusable';
  }
}

/** All that a file may hold, by the fields that tell one from the other. */
interface Input extends Partial<Answered>, Partial<Omit<EvidenceBundle, 'formatVersion'>> {
  readonly formatVersion?: number;
  readonly predictionSeconds?: number;
  readonly diagnoses?: readonly Answered[];
  readonly kind?: string;
  readonly items?: readonly Evidence[];
}

/**
 * The questions in a bundle, a question with or without its answer, a recording of several, or Evidence objects as kubectl prints
 * them; JSON or YAML, gzip or plain.
 * @throws InputUnusable, EvidenceUnusable
 */
export async function readInput(data: Buffer): Promise<readonly Asked[]> {
  const input = parsed(data);
  const asked = await questionsIn(input);
  if (asked.length === 0) throw new InputUnusable('there is neither a bundle nor a diagnosis in it');
  for (const { bundle } of asked) check(bundle);
  return asked;
}

function questionsIn(given: Input): readonly Asked[] | Promise<readonly Asked[]> {
  const input = shaped(given);
  const { predictionSeconds, diagnoses, bundle, items, kind } = input;
  if (items !== undefined) return askedFrom(items);
  // Each of these was told from the others by the fields that it alone has; `check` looks at the bundle.
  if (kind === 'Evidence') return askedFrom([input as Evidence]);
  if (diagnoses !== undefined) return diagnoses.map((one) => askedOf(one, predictionSeconds));
  if (bundle !== undefined) return [askedOf({ ...input, bundle }, predictionSeconds)];
  if (input.graph !== undefined) return [askedOf({ bundle: input as EvidenceBundle })];
  return [];
}

/** What tells one form from the other is there as that form has it. */
function shaped(input: Input): Input {
  const { items, diagnoses, bundle } = input;
  if (items !== undefined && !isListOfObjects(items)) throw new InputUnusable('items is no list of objects');
  if (diagnoses !== undefined && !isListOfObjects(diagnoses)) {
    throw new InputUnusable('diagnoses is no list of questions');
  }
  const bundles = [...(bundle === undefined ? [] : [bundle]), ...(diagnoses ?? []).map((one) => one.bundle)];
  if (!bundles.every(isObject)) throw new InputUnusable('a question needs its bundle');
  return input;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every(isObject);
}

function check({ formatVersion, graph, nodes, symptom }: Partial<EvidenceBundle>): void {
  if (formatVersion !== 1) throw new InputUnusable(`a bundle of format ${formatVersion} is not known here`);
  if (graph === undefined || nodes === undefined || symptom === undefined) {
    throw new InputUnusable('a bundle needs its graph, nodes and symptom');
  }
  if (!isListOfObjects(graph.nodes) || graph.nodes.length === 0 || !isListOfObjects(graph.edges)) {
    throw new InputUnusable('a graph needs nodes, and edges between them');
  }
  if (!isListOfObjects(nodes)) throw new InputUnusable('the nodes of a bundle are a list of what was seen of each');
}

const gzipBegin = Buffer.from([0x1f, 0x8b]);

function parsed(data: Buffer): Input {
  try {
    const text = (data.subarray(0, 2).equals(gzipBegin) ? gunzipSync(data) : data).toString('utf8');
    // JSON is YAML, and much faster read as what it is.
    const value: unknown = /^\s*\{/.test(text) ? JSON.parse(text) : load(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw new InputUnusable(`it is neither JSON nor YAML: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
  throw new InputUnusable('it is no object');
}
