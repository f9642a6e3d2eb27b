import type { Finding, ProbeResult } from '../../controller/evidence/finding.ts';
import type { JsonObject } from '../../controller/api/json.ts';
import { findingId } from '../lib/finding-id.ts';
import type { ProbeContext } from '../skill.ts';
import { stepArguments, uiBlockOf, type UiBlock } from './ui-block.ts';
import { lookTool, reportOf, type UiReport } from './ui-report.ts';

export function pageIdentity(parameters: JsonObject): string | undefined {
  const block = uiBlockOf(parameters);
  return block === undefined ? undefined : `page:${block.url}`;
}

/** Opens the page as a user does, and clicks nothing. @throws ToolError when there is no browser. */
export async function probe({ node, tools, signal }: ProbeContext): Promise<ProbeResult> {
  const block = uiBlockOf(node.with);
  if (block === undefined) throw new TypeError('there is no page to look at');
  const report = reportOf(await tools.call(lookTool, stepArguments(block), signal));
  return {
    findings: findingsOf(node.id, block, report),
    series: [],
    changes: [],
    logTemplates: [],
    gaps: [],
    identity: pageIdentity(node.with) ?? node.id,
  };
}

type Seen = Pick<Finding, 'kind' | 'severity' | 'summary' | 'value' | 'threshold' | 'unit'> & {
  readonly facts: JsonObject;
};

function findingsOf(node: string, block: UiBlock, report: UiReport): readonly Finding[] {
  const found = [stepFailed(report), consoleErrors(block, report), failedRequests(block, report)];
  return found
    .filter((one) => one !== undefined)
    .map((one) => ({
      ...one,
      id: findingId(node, one.kind, block.url),
      node,
      summary: one.summary.slice(0, 500),
      source: `${lookTool} ${block.url}`,
    }));
}

function stepFailed({ failed, steps, stepsDone }: UiReport): Seen | undefined {
  if (failed === undefined) return undefined;
  return {
    kind: 'load-test.UiStepFailed',
    severity: 'Critical',
    summary: `the page does not come to it: ${failed.step}, after ${stepsDone} of ${steps} steps: ${failed.reason}`,
    value: stepsDone,
    threshold: steps,
    unit: 'steps',
    facts: { ...failed },
  };
}

function consoleErrors({ maxConsoleErrors }: UiBlock, { consoleErrors: errors }: UiReport): Seen | undefined {
  if (errors.length <= maxConsoleErrors) return undefined;
  return {
    kind: 'load-test.ConsoleErrors',
    severity: 'Warning',
    summary: `the page's own code fails in the browser: ${errors[0] ?? ''}`,
    value: errors.length,
    threshold: maxConsoleErrors,
    unit: 'errors',
    facts: { errors: errors.slice(0, 5) },
  };
}

function failedRequests({ maxFailedRequests }: UiBlock, { failedRequests: requests }: UiReport): Seen | undefined {
  if (requests.length <= maxFailedRequests) return undefined;
  return {
    kind: 'load-test.RequestsFailed',
    severity: 'Warning',
    summary: `requests of the page fail: ${requests[0] ?? ''}`,
    value: requests.length,
    threshold: maxFailedRequests,
    unit: 'requests',
    facts: { requests: requests.slice(0, 5) },
  };
}
