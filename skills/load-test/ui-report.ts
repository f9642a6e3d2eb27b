import type { Json } from '../../controller/api/json.ts';
import { numberOf, objectOf, textOf, textsOf } from '../lib/reading.ts';

export const flowTool = 'threehops_ui_flow';
export const lookTool = 'threehops_ui_look';

/** What came of a flow in the browser. */
export interface UiReport {
  readonly steps: number;
  readonly stepsDone: number;
  /** The step that was not done, and why; absent when all were. */
  readonly failed?: { readonly step: string; readonly reason: string };
  /** What the page's own code wrote as errors, uncaught exceptions included; failed requests are told apart. */
  readonly consoleErrors: readonly string[];
  /** `GET http://shop.test/app.js 404`. */
  readonly failedRequests: readonly string[];
  readonly tookMs: number;
  readonly screenshot?: { readonly mediaType: string; readonly bytes: number; readonly data: string };
}

export function reportOf(value: Json): UiReport {
  const answer = objectOf(value);
  const failed = objectOf(answer['failed']);
  const shot = objectOf(answer['screenshot']);
  const [step, data, mediaType] = [textOf(failed['step']), textOf(shot['data']), textOf(shot['mediaType'])];
  return {
    steps: numberOf(answer['steps']) ?? 0,
    stepsDone: numberOf(answer['stepsDone']) ?? 0,
    ...(step === undefined ? {} : { failed: { step, reason: textOf(failed['reason']) ?? '' } }),
    consoleErrors: textsOf(answer['consoleErrors']),
    failedRequests: textsOf(answer['failedRequests']),
    tookMs: numberOf(answer['tookMs']) ?? 0,
    ...(data === undefined || mediaType === undefined
      ? {}
      : { screenshot: { mediaType, data, bytes: numberOf(shot['bytes']) ?? 0 } }),
  };
}
