import type { LogLine } from '../ecs/runtime/log-line.ts';
import type { MetricValue } from './metric-sink.ts';
import type { Environment, Ran } from './runtime/environment.ts';

export interface Sinks {
  readonly log: (line: LogLine) => void;
  readonly metric: (value: MetricValue) => void;
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
    this.#count(name, Date.now(), 'Throttles', 1);
  }

  /** Of all functions together that have no reservation. */
  shared(running: number): void {
    this.#count(undefined, Date.now(), 'UnreservedConcurrentExecutions', running);
  }

  started(environment: Environment, requestId: string, running: number): void {
    this.line(environment, `START RequestId: ${requestId} Version: $LATEST`);
    const { name } = environment.definition;
    const at = Date.now();
    this.#count(name, at, 'Invocations', 1);
    this.#count(name, at, 'ConcurrentExecutions', running);
    this.#count(name, at, 'Throttles', 0);
  }

  /** @param words what Lambda itself says of the end, where the function's code could not */
  ended(environment: Environment, requestId: string, { at, outcome, durationMs, initMs }: Ran, words?: string): void {
    const { name, memoryMiB } = environment.definition;
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
    this.#count(name, at, 'Errors', outcome.kind === 'Answered' ? 0 : 1);
    this.#sinks.metric({ functionName: name, at, metric: 'Duration', unit: 'Milliseconds', value: durationMs });
  }

  #count(functionName: string | undefined, at: number, metric: string, value: number): void {
    this.#sinks.metric({ functionName, at, metric, unit: 'Count', value });
  }
}
