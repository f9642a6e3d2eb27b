import { ToolFailed } from '../../controller/mcp/errors.ts';
import { objectOf } from '../lib/reading.ts';
import { round } from '../lib/statistics.ts';
import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { stepArguments, uiBlockOf, type UiBlock } from './ui-block.ts';
import { flowTool, reportOf, type UiReport } from './ui-report.ts';

/**
 * Clicks through the map's flow in a real browser. NotRun without a `tests.ui` block, and where the operator's configuration has no
 * browser: what nobody clicked did not pass.
 */
export const uiTest: Check = { name: 'ui test', writes: true, run };

async function run(context: CheckContext): Promise<CheckResult> {
  const { node, tools, thresholds, signal } = context;
  const named = { name: uiTest.name, node: node.id };
  const block = uiBlockOf(objectOf(objectOf(thresholds['tests'])['ui']));
  if (block === undefined) {
    return { ...named, verdict: 'NotRun', summary: 'the map declares no UI test (spec.tests.ui)' };
  }
  try {
    const report = reportOf(await tools.call(flowTool, stepArguments(block), signal));
    return { ...named, ...judged(block, report) };
  } catch (error) {
    if (!(error instanceof ToolFailed) || error.code !== 'NotConfigured') throw error;
    return { ...named, verdict: 'NotRun', summary: 'no browser is configured (servers.load.browser)' };
  }
}

function judged(block: UiBlock, report: UiReport): Omit<CheckResult, 'name' | 'node'> {
  const { failed, consoleErrors, failedRequests, screenshot } = report;
  const fails =
    failed !== undefined ||
    consoleErrors.length > block.maxConsoleErrors ||
    failedRequests.length > block.maxFailedRequests;
  return {
    verdict: fails ? 'Fail' : 'Pass',
    summary: summaryOf(block, report).slice(0, 400),
    value: report.stepsDone,
    threshold: report.steps,
    unit: 'steps',
    ...(screenshot === undefined ? {} : { attachment: screenshot }),
  };
}

function summaryOf(block: UiBlock, { failed, consoleErrors, failedRequests, ...report }: UiReport): string {
  return [
    `${report.stepsDone} of ${report.steps} steps in ${round(report.tookMs / 1000, 1)} s`,
    ...(failed === undefined ? [] : [`not done: ${failed.step}: ${failed.reason.slice(0, 120)}`]),
    `${consoleErrors.length} console errors of at most ${block.maxConsoleErrors}`,
    `${failedRequests.length} failed requests of at most ${block.maxFailedRequests}`,
    ...[consoleErrors[0], failedRequests[0]].flatMap((one) => (one === undefined ? [] : [one.slice(0, 100)])),
  ].join('; ');
}
