import { isDeepStrictEqual } from 'node:util';
import { until } from '../../parts/process.ts';
import type { Step } from './calls.ts';

/** What a client got: the answer, or the name of the error. */
export type Outcome = { readonly result: unknown } | { readonly error: string };

/** One client of the API, whichever it is. */
export interface ConformanceClient {
  readonly name: string;
  call(operation: string, input: unknown): Promise<Outcome>;
}

/** Makes the calls one after the other; answers what was not as it should be, a sentence each. `kept` gets what steps keep. */
export async function runCalls(
  client: ConformanceClient,
  steps: readonly Step[],
  kept: Record<string, string> = {},
): Promise<string[]> {
  kept['client'] = client.name;
  const complaints: string[] = [];
  for (const step of steps) {
    const outcome = await repeat(client, step, kept);
    complaints.push(...judge(step, outcome, kept));
    if (!('result' in outcome)) continue;
    for (const [name, path] of Object.entries(step.keep ?? {})) kept[name] = String(at(outcome.result, path));
  }
  return complaints;
}

async function repeat(client: ConformanceClient, step: Step, kept: Record<string, string>): Promise<Outcome> {
  const input = fill(step.input ?? {}, kept);
  const wanted = Object.entries(step.until ?? {});
  return until(`${step.call} to answer ${JSON.stringify(step.until)}`, async () => {
    const outcome = await client.call(step.call, input);
    if (!('result' in outcome)) return outcome;
    const isThere = wanted.every(([path, value]) => isDeepStrictEqual(at(outcome.result, path), fill(value, kept)));
    return isThere ? outcome : undefined;
  });
}

function judge(step: Step, outcome: Outcome, kept: Record<string, string>): string[] {
  const error = 'error' in outcome ? outcome.error : undefined;
  if (error !== step.error) return [`${step.call} answered ${error ?? 'no error'}, not ${step.error ?? 'an answer'}`];
  if (!('result' in outcome)) return [];
  return Object.entries(step.expect ?? {}).flatMap(([path, value]) => {
    const [wanted, seen] = [fill(value, kept), at(outcome.result, path)];
    return isDeepStrictEqual(wanted, seen)
      ? []
      : [`${step.call}: ${path} is ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`];
  });
}

/** The value at a path like `services.0.status`. */
function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((found, name) => {
    return typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  }, value);
}

function fill(value: unknown, kept: Readonly<Record<string, string>>): unknown {
  const text = JSON.stringify(value).replaceAll(/\$(\w+)/g, (whole, name: string) => kept[name] ?? whole);
  return JSON.parse(text) as unknown;
}
