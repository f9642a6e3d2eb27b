import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { probe } from '../../../../skills/load-test/probe.ts';
import { consoleErrorsIn, failedRequestsIn } from '../../../../skills/load-test/server/page-report.ts';
import { uiTest } from '../../../../skills/load-test/ui-test.ts';
import type { CheckResult } from '../../../../skills/skill.ts';
import { failed, fakeTools, never, probeContext } from '../lib/fake-tools.ts';

const ui = { url: 'http://shop.test/', steps: [{ action: 'Click', role: 'button', name: 'Pay' }], maxConsoleErrors: 1 };
const well = { steps: 1, stepsDone: 1, consoleErrors: [], failedRequests: [], tookMs: 1234 };

async function judged(answer: JsonObject | Error, tests: JsonObject = { ui }): Promise<CheckResult> {
  const tools = fakeTools({ threehops_ui_flow: () => answer });
  return uiTest.run({ ...probeContext(tools, {}), thresholds: { tests } });
}

describe('the UI test', () => {
  it.each([
    ['all steps done', {}, 'Pass'],
    ['errors within the limit', { consoleErrors: ['a'] }, 'Pass'],
    ['more errors than that', { consoleErrors: ['a', 'b'] }, 'Fail'],
    ['a request that failed', { failedRequests: ['GET http://shop.test/x 404'] }, 'Fail'],
    ['a step that was not done', { stepsDone: 0, failed: { step: 'click button "Pay"', reason: 'none' } }, 'Fail'],
  ] as const)('judges %s', async (_, differs, verdict) => {
    expect((await judged({ ...well, ...differs })).verdict).toBe(verdict);
  });

  it('tells figures, and hands on what it saw', async () => {
    const screenshot = { mediaType: 'image/jpeg', bytes: 3, data: '/9j/' };
    expect(await judged({ ...well, consoleErrors: ['x is not defined'], screenshot })).toEqual({
      name: 'ui test',
      node: 'shop/code',
      verdict: 'Pass',
      summary: '1 of 1 steps in 1.2 s; 1 console errors of at most 1; 0 failed requests of at most 0; x is not defined',
      value: 1,
      threshold: 1,
      unit: 'steps',
      attachment: screenshot,
    });
  });

  it('is not run, and says so, without a block or a browser; what breaks otherwise breaks', async () => {
    expect(await judged(well, {})).toMatchObject({ verdict: 'NotRun', summary: expect.stringContaining('no UI test') });
    const none = await judged(failed('threehops_ui_flow', 'NotConfigured'));
    expect(none).toMatchObject({ verdict: 'NotRun', summary: expect.stringContaining('no browser') });
    await expect(judged(failed('threehops_ui_flow', 'HostRefused'))).rejects.toThrow('HostRefused');
  });
});

describe('a look at a page', () => {
  async function kinds(answer: JsonObject, parameters: JsonObject = {}): Promise<readonly unknown[]> {
    const tools = fakeTools({ threehops_ui_look: () => answer });
    const { findings } = await probe(probeContext(tools, { url: ui.url, ...parameters }));
    return findings.map(({ kind, value, threshold, unit }) => [kind, value, threshold, unit]);
  }

  it('tells what failed, with figures', async () => {
    const ill = {
      ...well,
      stepsDone: 0,
      failed: { step: 'expect "Ready"', reason: 'late' },
      consoleErrors: ['a', 'b'],
    };
    expect(await kinds({ ...ill, failedRequests: ['GET http://shop.test/app.js 404'] })).toEqual([
      ['load-test.UiStepFailed', 0, 1, 'steps'],
      ['load-test.ConsoleErrors', 2, 0, 'errors'],
      ['load-test.RequestsFailed', 1, 0, 'requests'],
    ]);
  });

  it('tells nothing of a page that is well, or ill within its limits', async () => {
    expect(await kinds(well)).toEqual([]);
    expect(await kinds({ ...well, consoleErrors: ['a'] }, { maxConsoleErrors: 1 })).toEqual([]);
  });

  it('is none without a browser', async () => {
    const tools = fakeTools({ threehops_ui_look: () => failed('threehops_ui_look', 'NotConfigured') });
    await expect(probe({ ...probeContext(tools, { url: ui.url }), signal: never })).rejects.toThrow('NotConfigured');
  });
});

describe('what @playwright/mcp says of a page', () => {
  it('of the console: its own errors and exceptions, each once, without what failed to load', () => {
    const answer = `### Result
Total messages: 4 (Errors: 3, Warnings: 0)

[ERROR] Failed to load resource: the server responded with a status of 404 (Not Found) @ http://shop.test/favicon.ico:0
[ERROR] no such rate @ http://shop.test/app.js:7
ReferenceError: pay is not defined
    at HTMLFormElement.<anonymous> (http://shop.test/app.js:1:203)`;
    expect(consoleErrorsIn(answer)).toEqual([
      'no such rate @ http://shop.test/app.js:7',
      'ReferenceError: pay is not defined',
    ]);
    expect(consoleErrorsIn('### Result\nTotal messages: 0 (Errors: 0, Warnings: 0)\n')).toEqual([]);
  });

  it('takes nothing of what an answer tells of a page that has changed', () => {
    const page = '### Page\n- Page URL: http://shop.test/\n- Console: 1 errors, 0 warnings\n';
    const result = '### Result\nTotal messages: 1 (Errors: 1, Warnings: 0)\n\n[ERROR] nothing is not defined\n';
    expect(consoleErrorsIn(`${result}${page}`)).toEqual(['nothing is not defined']);
    expect(consoleErrorsIn(`${page}${result}`)).toEqual(['nothing is not defined']);
  });

  it('of requests: those without an answer and those of 400 and above', () => {
    const answer = `### Result
1. [GET] http://shop.test/ => [200] OK
2. [GET] http://shop.test/favicon.ico => [404] Not Found
3. [POST] http://shop.test/pay => [500] Internal Server Error
4. [GET] http://other.test/ => [FAILED] net::ERR_CONNECTION_REFUSED
5. [GET] http://shop.test/slow`;
    const all = ['POST http://shop.test/pay 500', 'GET http://other.test/ net::ERR_CONNECTION_REFUSED'];
    expect(failedRequestsIn(answer, undefined)).toEqual(all);
    expect(failedRequestsIn(answer, ['GET'])).toEqual(all.slice(1));
  });
});
