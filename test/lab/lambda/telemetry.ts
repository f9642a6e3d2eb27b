import type { LogLine } from '../ecs/runtime/log-line.ts';
import type { FunctionDefinition } from './definition.ts';
import type { MetricValue } from './metric-sink.ts';
import type { Environment, Outcome } from './runtime/environment.ts';

export interface Sinks {
  readonly log: (line: LogLine) => void;
  readonly metric: (value: MetricValue) => void;
}

export interface Ended {
  readonly requestId: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** Of a cold start. */
  readonly initMs?: number | undefined;
}

/** What Lambda tells CloudWatch of invocations: a line before and two after each, and figures. */
export class Telemetry {
  readonly #sinks: Sinks;

  constructor(sinks: Sinks) {
    this.#sinks = sinks;
  }

  line({ definition, stream }: Environment, message: string): void {
    this.#sinks.log({ group: `/aws/lambda/${definition.name}`, stream, timestamp: Date.now(), message });
  }

  throttled(name: string): void {
    this.#count(name, 'Throttles', 1);
  }

  started(environment: Environment, requestId: string, running: number): void {
    this.line(environment, `START RequestId: ${requestId} Version: $LATEST`);
    const { name } = environment.definition;
    this.#count(name, 'Invocations', 1);
    this.#count(name, 'ConcurrentExecutions', running);
    this.#count(name, 'Throttles', 0);
  }

  ended(environment: Environment, { requestId, outcome, durationMs, initMs }: Ended): void {
    const { name, memoryMiB } = environment.definition;
    const words = wordsOf(environment.definition, requestId, outcome);
    if (words !== undefined) this.line(environment, words);
    this.line(environment, `END RequestId: ${requestId}`);
    const report = [
      `REPORT RequestId: ${requestId}`,
      `Duration: ${durationMs.toFixed(2)} ms`,
      `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
      `Memory Size: ${memoryMiB} MB`,
      `Max Memory Used: ${environment.memoryUsed} MB`,
      ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ];
    this.line(environment, report.join('\t'));
    this.#count(name, 'Errors', outcome.kind === 'Answered' ? 0 : 1);
    this.#sinks.metric({ functionName: name, metric: 'Duration', unit: 'Milliseconds', value: durationMs });
  }

  #count(functionName: string, metric: string, value: number): void {
    this.#sinks.metric({ functionName, metric, unit: 'Count', value });
  }
}

/** What Lambda itself says in the log of an end that the function's code could not. */
function wordsOf({ timeoutSeconds }: FunctionDefinition, requestId: string, outcome: Outcome): string | undefined {
  if (outcome.kind === 'TimedOut') {
    return `${new Date().toISOString()} ${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
  }
  if (outcome.kind !== 'Exited') return undefined;
  return `RequestId: ${requestId} Error: ${exitWords(outcome)}\nRuntime.ExitError`;
}

function exitWords({ outOfMemory }: Extract<Outcome, { kind: 'Exited' }>): string {
  return `Runtime exited with error: ${outOfMemory ? 'signal: killed' : 'exit status 1'}`;
}

/** What a caller is answered where the function did not answer; undefined where it did. */
export function functionErrorOf(
  definition: FunctionDefinition,
  requestId: string,
  outcome: Outcome,
): string | undefined {
  switch (outcome.kind) {
    case 'Answered':
      return undefined;
    case 'Failed':
      return outcome.body;
    case 'TimedOut': {
      const seconds = definition.timeoutSeconds.toFixed(2);
      return JSON.stringify({
        errorMessage: `${new Date().toISOString()} ${requestId} Task timed out after ${seconds} seconds`,
      });
    }
    case 'Exited': {
      const errorMessage = `RequestId: ${requestId} Error: ${exitWords(outcome)}`;
      return JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage });
    }
  }
}
