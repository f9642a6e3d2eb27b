import { parentPort } from 'node:worker_threads';
import type { Json } from '../api/json.ts';
import { celWords, evaluateCel, type Scope } from './cel.ts';
import { toJson } from './values.ts';

/** What the thread of an `Evaluator` is asked. */
export interface Question {
  readonly sources: readonly string[];
  readonly scope: Scope;
}

/** Of one expression; the thread answers a list of them as JSON. */
export type Outcome = { readonly value: Json } | { readonly error: string };

/** Of all values together, in characters of JSON. */
const largest = 1024 * 1024;

function outcomeOf(source: string, scope: Scope): Outcome {
  try {
    return { value: toJson(evaluateCel(source, scope)) };
  } catch (error) {
    return { error: celWords(error) };
  }
}

function answerOf({ sources, scope }: Question): string {
  const answer = JSON.stringify(sources.map((source) => outcomeOf(source, scope)));
  if (answer.length <= largest) return answer;
  return JSON.stringify(sources.map((): Outcome => ({ error: `the values have more than ${largest} characters` })));
}

parentPort?.on('message', (question: Question) => parentPort?.postMessage(answerOf(question)));
// Until now it was only being loaded.
parentPort?.postMessage('ready');
