import { ToolFailed, ToolTimeout } from '../../controller/mcp/errors.ts';
import { numberOf, objectOf, textOf } from '../lib/reading.ts';
import type { ProbeContext } from '../skill.ts';
import type { HttpParameters } from './parameters.ts';

export const httpTool = 'http_get';

/** One look at the page. */
export interface Sample {
  readonly at: Date;
  /** Undefined when no answer came. */
  readonly status?: number;
  /** What it took at least: without the time in which we were too busy to notice an answer. */
  readonly latencyMs?: number;
  /** The answer holds what it must; true where nothing is asked of it. */
  readonly bodyFits: boolean;
  /** Why no answer came: the system's word, such as ECONNREFUSED. */
  readonly code?: string;
  readonly reason?: string;
}

/** An answer that came too late, or was noticed too late, while we were too busy to notice: says nothing of the page. */
const unnoticed = 'Unnoticed';
/** Refused by our own rules, or asked wrongly: says nothing of the page. */
const ourOwn = new Set(['HostRefused', 'UrlNotSupported', 'InvalidArguments']);

/**
 * Samples spaced out in time. Each starts when its time has come, also while an earlier one still waits, so that a page that
 * hangs does not make the look longer than its spacing and one timeout. Those that we were too busy to watch are left out.
 * @throws ToolError when looking was not possible or allowed, or when none was watched
 */
export async function takeSamples(context: ProbeContext, parameters: HttpParameters): Promise<readonly Sample[]> {
  const under: Promise<Sample | ToolFailed>[] = [];
  for (let index = 0; index < parameters.samples; index++) {
    if (index > 0) await context.clock.sleep(parameters.intervalMs, context.signal);
    const one = takeSample(context, parameters, index + 1);
    // Its failure is told where all of them are awaited.
    one.catch(() => undefined);
    under.push(one);
  }
  const taken = await Promise.all(under);
  const watched = taken.filter((one): one is Sample => !(one instanceof ToolFailed));
  const [missed] = taken.filter((one) => one instanceof ToolFailed);
  if (watched.length === 0 && missed !== undefined) throw missed;
  return watched;
}

async function takeSample(
  context: ProbeContext,
  parameters: HttpParameters,
  sample: number,
): Promise<Sample | ToolFailed> {
  const at = context.clock.now();
  const { url, method, timeoutMs, expectStatus, bodyContains } = parameters;
  const args = {
    url,
    method,
    sample,
    timeoutMs,
    followRedirects: !expectStatus.some((status) => status >= 300 && status < 400),
    ...(bodyContains === undefined ? {} : { bodyContains }),
  };
  try {
    const answer = objectOf(await context.tools.call(httpTool, args, context.signal));
    return {
      at,
      status: numberOf(answer['status']) ?? 0,
      latencyMs: Math.max(0, (numberOf(answer['latencyMs']) ?? 0) - (numberOf(answer['busyMs']) ?? 0)),
      bodyFits: answer['bodyContains'] !== false,
    };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof ToolFailed && error.code === unnoticed) return error;
    return failedSample(at, error);
  }
}

function failedSample(at: Date, error: unknown): Sample {
  if (error instanceof ToolTimeout) return { at, bodyFits: true, code: 'ToolTimeout', reason: error.message };
  if (!(error instanceof ToolFailed) || ourOwn.has(error.code)) throw error;
  return { at, bodyFits: true, code: textOf(error.code) ?? 'Error', reason: error.reason };
}

export function isBadStatus({ status }: Sample, expected: readonly number[]): boolean {
  if (status === undefined) return false;
  return expected.length === 0 ? status >= 400 : !expected.includes(status);
}
