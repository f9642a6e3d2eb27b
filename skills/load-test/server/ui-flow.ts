import type { JsonObject, JsonSchema } from '../../../controller/api/json.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { listOf, textOf, textsOf } from '../../lib/reading.ts';
import { round } from '../../lib/statistics.ts';
import { anyStep, expectStep, originsSchema, stepOf, stepsSchema, urlSchema } from '../ui-block.ts';
import { flowTool, lookTool } from '../ui-report.ts';
import { withBrowser } from './browser.ts';
import { type Flow, runFlow } from './run-flow.ts';
import type { LoadBackend } from './server.ts';

const input = (step: JsonSchema): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: { url: urlSchema, steps: stepsSchema(step), origins: originsSchema },
});

const lines = { type: 'array', items: { type: 'string' } };
const output: JsonSchema = {
  type: 'object',
  required: ['steps', 'stepsDone', 'consoleErrors', 'failedRequests', 'tookMs'],
  properties: {
    steps: { type: 'integer' },
    stepsDone: { type: 'integer' },
    failed: { type: 'object', required: ['step', 'reason'] },
    consoleErrors: lines,
    failedRequests: lines,
    tookMs: { type: 'number' },
    screenshot: { type: 'object', required: ['mediaType', 'bytes', 'data'] },
  },
};

/** Clicks and types as a user would, in a browser of its own. What it does to the page's system is a write. */
export const uiFlow: ToolDefinition<LoadBackend> = {
  name: flowTool,
  description: 'Opens a page in a browser, clicks and types, and tells what failed and what the page looks like then.',
  access: 'Write',
  input: input(anyStep),
  output,
  handle: (args, { backend, signal }) => run(backend, { ...flowOf(args), screenshot: true }, args, signal),
};

const readingMethods = ['GET', 'HEAD', 'OPTIONS'];

/** The same without a hand on the page; requests that might write are not let through, as far as they can be seen. */
export const uiLook: ToolDefinition<LoadBackend> = {
  name: lookTool,
  description: 'Opens a page in a browser, waits for texts, and tells what failed.',
  access: 'Read',
  input: input(expectStep),
  output,
  handle: (args, { backend, signal }) =>
    run(backend, { ...flowOf(args), methods: readingMethods, screenshot: false }, args, signal),
};

function flowOf(args: JsonObject): Pick<Flow, 'url' | 'steps'> {
  return { url: textOf(args['url']) ?? '', steps: listOf(args['steps']).map(stepOf) };
}

async function run(backend: LoadBackend, flow: Flow, args: JsonObject, signal: AbortSignal): Promise<JsonObject> {
  const { browser, dialer, clock, oneAtATime } = backend;
  if (browser === undefined) throw new ToolFault('NotConfigured', 'no browser is configured');
  const { origin, hostname } = new URL(flow.url);
  // Before there is a browser: a host that is refused is refused as such, and not shown as a page that fails.
  await dialer.pin(hostname.replaceAll(/^\[|\]$/g, ''), signal);
  const origins = [origin, ...textsOf(args['origins'])];
  const reach = { dialer, origins, ...(flow.methods === undefined ? {} : { methods: flow.methods }) };
  return oneAtATime(async () => {
    const began = clock.monotonicMs();
    const told = await withBrowser(browser, reach, clock, (opened) => runFlow(opened, flow, signal), signal);
    return { ...told, tookMs: round(clock.monotonicMs() - began, 0) };
  });
}
