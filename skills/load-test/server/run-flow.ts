import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../../controller/api/json.ts';
import { ToolFailed } from '../../../controller/mcp/errors.ts';
import { describeStep, type UiStep } from '../ui-block.ts';
import type { Browser } from './browser.ts';
import { consoleErrorsIn, failedRequestsIn } from './page-report.ts';

export interface Flow {
  readonly url: string;
  readonly steps: readonly UiStep[];
  /** Only requests of these methods were let through, so only they can have failed by themselves. */
  readonly methods?: readonly string[];
  readonly screenshot: boolean;
}

interface Walked {
  readonly stepsDone: number;
  readonly failed?: { readonly step: string; readonly reason: string };
}

const mostBytes = 256 * 1024;

/** Opens the page, does the steps until one cannot be done, and tells what the page said meanwhile. @throws ToolError */
export async function runFlow({ tools, folder }: Browser, flow: Flow, signal: AbortSignal): Promise<JsonObject> {
  const walked = await walk(tools, flow, signal);
  const errors = await tools.call('browser_console_messages', { level: 'error' }, signal);
  const requests = await tools.call('browser_network_requests', { static: false }, signal);
  const shown = flow.screenshot ? await screenshot({ tools, folder }, signal) : undefined;
  return {
    steps: flow.steps.length,
    ...walked,
    consoleErrors: [...consoleErrorsIn(errors)],
    failedRequests: [...failedRequestsIn(requests, flow.methods)],
    ...(shown === undefined ? {} : { screenshot: shown }),
  };
}

async function walk(tools: Browser['tools'], { url, steps }: Flow, signal: AbortSignal): Promise<Walked> {
  const opened = await attempt(() => tools.call('browser_navigate', { url }, signal));
  if (opened !== undefined) return { stepsDone: 0, failed: { step: `open ${url}`, reason: opened } };
  for (const [index, step] of steps.entries()) {
    const reason = await attempt(() => act(tools, step, signal));
    if (reason !== undefined) return { stepsDone: index, failed: { step: describeStep(step), reason } };
  }
  return { stepsDone: steps.length };
}

/** Why it failed, as the server says it; undefined when it did not. */
async function attempt(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof ToolFailed)) throw error;
    return inWords(error.reason);
  }
}

/** Without the server's headings, and without its log of what it tried. */
function inWords(reason: string): string {
  const [said = ''] = reason.replace(/^### Error\s*/, '').split('Call log:');
  return said.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}

function act(tools: Browser['tools'], { action, role = '', name = '', text = '' }: UiStep, signal: AbortSignal) {
  if (action === 'Expect') return tools.call('browser_wait_for', { text }, signal);
  const target = `role=${role}[name=${JSON.stringify(name)}]`;
  const element = `${role} ${name}`;
  if (action === 'Click') return tools.call('browser_click', { element, target }, signal);
  return tools.call('browser_type', { element, target, text }, signal);
}

/** Its file lies in the server's output folder, under a name of its choice; one that is too large is left out. */
async function screenshot({ tools, folder }: Browser, signal: AbortSignal): Promise<JsonObject | undefined> {
  await tools.call('browser_take_screenshot', { type: 'jpeg', scale: 'css' }, signal);
  const name = (await readdir(folder)).find((file) => file.endsWith('.jpeg'));
  if (name === undefined) return undefined;
  const image = await readFile(join(folder, name));
  if (image.length > mostBytes) return undefined;
  return { mediaType: 'image/jpeg', bytes: image.length, data: image.toString('base64') };
}
