import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { createDialer } from '../../../controller/mcp/outbound.ts';
import { probe } from '../../../skills/load-test/probe.ts';
import { server } from '../../../skills/load-test/server/server.ts';
import { uiTest } from '../../../skills/load-test/ui-test.ts';
import type { CheckContext, CheckResult } from '../../../skills/skill.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { debianProgram } from '../../lab/parts/debian.ts';
import { listen } from '../../lab/parts/listen.ts';

const neverAborted = new AbortController().signal;

/** A shop's page, the script of which is the test's own. */
interface Shop {
  script: string | undefined;
  pay: number;
  readonly seen: string[];
}

const form = `<!doctype html><title>Shop</title>
<form><label>Amount <input name="amount"></label><button>Pay "now"</button></form>
<p role="status"></p><script src="/app.js"></script>`;
const works = `
  const status = document.querySelector('[role=status]');
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const answer = await fetch('/pay', { method: 'POST', body: event.target.amount.value });
    status.textContent = answer.ok ? 'Thank you for ' + event.target.amount.value : 'Sorry';
  });
  status.textContent = 'Ready';`;
const steps = [
  { action: 'Expect', text: 'Ready' },
  { action: 'Type', role: 'textbox', name: 'Amount', text: '12' },
  { action: 'Click', role: 'button', name: 'Pay "now"' },
  { action: 'Expect', text: 'Thank you for 12' },
];

let shop: Shop;
let listening: Server;
let url: string;
let browser: JsonObject;

beforeAll(async () => {
  const found = await debianProgram('chromium', { signal: neverAborted, progress: () => undefined });
  browser = { chromium: found.path, libraryPath: found.env['LD_LIBRARY_PATH'] ?? '' };
  listening = createServer((request, response) => {
    shop.seen.push(`${request.method} ${request.url}`);
    if (request.url === '/') return void response.setHeader('content-type', 'text/html').end(form);
    if (request.url === '/app.js' && shop.script !== undefined) {
      return void response.setHeader('content-type', 'text/javascript').end(shop.script);
    }
    response.writeHead(request.url === '/pay' ? shop.pay : 404).end();
  });
  url = `http://127.0.0.1:${await listen(listening)}/`;
}, 300_000);

afterAll(() => new Promise((resolve) => listening.close(resolve)));

beforeEach(() => {
  shop = { script: works, pay: 201, seen: [] };
});

afterEach(() => {
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('threehops-browser-'))).toEqual([]);
});

function context(tools: HarnessTools, ui: JsonObject, parameters: JsonObject = {}): CheckContext {
  const node = { id: 'shop', name: 'shop', type: 'page', with: parameters };
  const window = { from: new Date(), to: new Date() };
  return { node, tools, clock: systemClock, window, signal: neverAborted, thresholds: { tests: { ui } } };
}

async function tested(ui: JsonObject): Promise<CheckResult> {
  await using tools = toolsFor(server, { browser }, {}, { access: 'ReadWrite' });
  return await uiTest.run(context(tools, ui));
}

describe('the UI test in a real browser', { timeout: 60_000 }, () => {
  it('clicks through the flow and shows what the page looks like then', async () => {
    const result = await tested({ url, steps });
    expect(result).toMatchObject({ verdict: 'Pass', value: 4, threshold: 4, unit: 'steps' });
    expect(result.summary).toMatch(
      /^4 of 4 steps in \S+ s; 0 console errors of at most 0; 0 failed requests of at most 0$/,
    );
    expect(shop.seen).toContain('POST /pay');
    const image = Buffer.from(result.attachment?.data ?? '', 'base64');
    expect([...image.subarray(0, 2)]).toEqual([0xff, 0xd8]);
    expect(image.length).toBe(result.attachment?.bytes);
  });

  it('fails at the step that cannot be done, with the failed request and the error of the page', async () => {
    shop.pay = 500;
    const refused = await tested({ url, steps });
    expect(refused).toMatchObject({ verdict: 'Fail', value: 3, threshold: 4 });
    expect(refused.summary).toContain('not done: expect "Thank you for 12"');
    expect(refused.summary).toContain(`POST ${url}pay 500`);
    shop.script = `${works}\nnothing.toSee();`;
    const thrown = await tested({ url, steps: steps.slice(0, 1) });
    expect(thrown).toMatchObject({ verdict: 'Fail', value: 1 });
    expect(thrown.summary).toContain('nothing is not defined');
  });

  it('reaches the page and nothing else, whatever the page asks for', async () => {
    const elsewhere = url.replace('127.0.0.1', 'localhost');
    shop.script = `${works}\nfetch('${elsewhere}pay').catch(() => undefined);`;
    const result = await tested({ url, steps: steps.slice(0, 1) });
    expect(result.summary).toContain(`GET ${elsewhere}pay`);
    expect(shop.seen.filter((line) => line.endsWith('/pay'))).toEqual([]);
    await tested({ url, steps: steps.slice(0, 1), origins: [elsewhere.slice(0, -1)] });
    expect(shop.seen.filter((line) => line.endsWith('/pay'))).toEqual(['GET /pay']);
    const policy = { hosts: [], cidrs: [], whenEmpty: 'Nothing' } as const;
    const dialer = createDialer({ policy, clock: systemClock });
    await using nowhere = toolsFor(server, { browser }, {}, { access: 'ReadWrite', dialer });
    shop.seen.splice(0);
    await expect(uiTest.run(context(nowhere, { url, steps }))).rejects.toMatchObject({ code: 'HostRefused' });
    expect(shop.seen).toEqual([]);
  });

  it('sends no datagrams past the proxy either, as a page can by WebRTC', async () => {
    const heard: string[] = [];
    const recorder = createSocket('udp4', () => heard.push('a datagram')).bind(0, '127.0.0.1');
    await once(recorder, 'listening');
    const servers = `[{ urls: 'stun:127.0.0.1:${recorder.address().port}' }]`;
    shop.script = `${works}
      const peer = new RTCPeerConnection({ iceServers: ${servers} });
      peer.createDataChannel('out');
      peer.createOffer().then((offer) => peer.setLocalDescription(offer));
      setTimeout(() => { status.textContent = 'Gathered'; }, 2500);`;
    expect(await tested({ url, steps: [{ action: 'Expect', text: 'Gathered' }] })).toMatchObject({ verdict: 'Pass' });
    expect(heard).toEqual([]);
    recorder.close();
  });

  it('is not run without a browser, and never for one who may only read', async () => {
    await using none = toolsFor(server, {}, {}, { access: 'ReadWrite' });
    expect(await uiTest.run(context(none, { url }))).toMatchObject({ verdict: 'NotRun' });
    await using reading = toolsFor(server, { browser });
    await expect(uiTest.run(context(reading, { url }))).rejects.toMatchObject({ name: 'ToolRefused' });
  });
});

describe('a look at the page', { timeout: 60_000 }, () => {
  async function kinds(): Promise<readonly string[]> {
    await using tools = toolsFor(server, { browser });
    const { findings } = await probe(context(tools, {}, { url, steps: steps.slice(0, 1) }));
    return findings.map(({ kind, summary }) => `${kind}: ${summary}`);
  }

  it('finds nothing on one that is well', async () => {
    expect(await kinds()).toEqual([]);
  });

  it('finds a script that is not there and what does not come of it', async () => {
    shop.script = undefined;
    expect(await kinds()).toEqual([
      expect.stringMatching(/^load-test\.UiStepFailed: .*expect "Ready", after 0 of 1 steps/),
      `load-test.RequestsFailed: requests of the page fail: GET ${url}app.js 404`,
    ]);
  });

  it('finds a script that breaks', async () => {
    shop.script = 'document.querySelector("form").onSubmit(';
    expect(await kinds()).toEqual([
      expect.stringContaining('load-test.UiStepFailed'),
      expect.stringMatching(/^load-test\.ConsoleErrors: .*Unexpected end of input/),
    ]);
  });

  it('lets no writing request through', async () => {
    shop.script = `${works}\nfetch('/pay', { method: 'POST' });`;
    expect(await kinds()).toEqual([]);
    expect(shop.seen.filter((line) => line.startsWith('POST'))).toEqual([]);
  });
});
