import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import * as x509 from '@peculiar/x509';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { createDialer } from '../../../controller/mcp/outbound.ts';
import { healthy } from '../../../skills/http-health/checks.ts';
import { probe } from '../../../skills/http-health/probe.ts';
import { server } from '../../../skills/http-health/server/server.ts';
import type { ProbeContext } from '../../../skills/skill.ts';
import { toolsFor } from '../../helpers/tool-harness.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';

const neverAborted = new AbortController().signal;
const open: Server[] = [];
const tools = toolsFor(server);

afterEach(async () => {
  await Promise.all(open.splice(0).map(closeServer));
});
afterAll(() => tools.close());

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(listener))}`;
}

function listening(one: Server): Promise<number> {
  open.push(one);
  return listen(one);
}

function context(url: string, more: JsonObject = {}, by = tools): ProbeContext {
  const node = { id: 'gateway/page', name: 'page', type: 'http', with: { url, intervalMs: 20, ...more } };
  const window = { from: new Date(Date.now() - 60_000), to: new Date() };
  return { node, tools: by, clock: systemClock, window, signal: neverAborted };
}

async function kindsOf(url: string, more: JsonObject = {}): Promise<readonly string[]> {
  const { findings } = await probe(context(url, more));
  return findings.map(({ kind, severity, value }) => `${kind} ${severity} ${value}`);
}

it('has nothing to say of a page that answers, and one node for every way to write it', async () => {
  let asked = 0;
  const url = await serve((_, response) => {
    asked += 1;
    response.end('all is well');
  });
  const { findings, series, identity } = await probe(context(`${url}/health?deep=1`, { bodyContains: 'well' }));
  expect(findings).toEqual([]);
  expect(asked).toBe(10);
  expect(identity).toBe(`http:${url}/health`);
  expect(series.map(({ aspect, points }) => [aspect, points.length])).toEqual([
    ['Latency', 10],
    ['Availability', 10],
  ]);
  const check = await healthy.run({ ...context(url), thresholds: { maxErrorsPerMillion: 10_000 } });
  expect(check).toMatchObject({ verdict: 'Pass', value: 0, threshold: 10_000 });
});

it('tells a share of bad statuses by its size, and fails the check', async () => {
  let asked = 0;
  const url = await serve((_, response) => {
    asked += 1;
    response.statusCode = asked % 10 === 5 ? 503 : 200;
    response.end();
  });
  expect(await kindsOf(url)).toEqual(['http-health.BadStatus Warning 10']);
  const { findings } = await probe(context(url, { samples: 20, expectStatus: [503] }));
  expect(findings).toMatchObject([
    { kind: 'http-health.BadStatus', severity: 'Critical', value: 90, facts: { answers: { '200': 18 }, failed: 18 } },
  ]);
  const check = await healthy.run({ ...context(url), thresholds: { maxErrorsPerMillion: 10_000 } });
  expect(check).toMatchObject({ verdict: 'Fail', value: 100_000 });
});

it('tells a page that is slow by two samples or more, and one that never answers within one timeout', async () => {
  const slow = await serve((_, response) => void setTimeout(() => response.end(), 80));
  // At least: without what this process, which is the page as well, was busy for meanwhile.
  expect(await kindsOf(slow, { maxLatencyMs: 40 })).toEqual([
    expect.stringMatching(/^http-health\.SlowResponse Warning ([5-9]\d|\d{3,})/),
  ]);
  const began = performance.now();
  const hung = await serve(() => undefined);
  const { findings } = await probe(context(hung, { timeoutMs: 300, samples: 5 }));
  expect(findings).toMatchObject([
    { kind: 'http-health.Unreachable', severity: 'Critical', value: 100, facts: { answers: { DialTimeout: 5 } } },
  ]);
  expect(performance.now() - began).toBeLessThan(3_000);
});

it('tells what is missing: the text, the listener, the name', async () => {
  const url = await serve((_, response) => response.end('maintenance'));
  expect(await kindsOf(url, { bodyContains: 'welcome' })).toEqual(['http-health.BodyMismatch Critical 100']);
  const [closing] = open.splice(0);
  if (closing !== undefined) await closeServer(closing);
  expect(await kindsOf(url, { samples: 3 })).toEqual(['http-health.Unreachable Critical 100']);
  expect(await kindsOf('http://nowhere.invalid/', { samples: 2 })).toEqual(['http-health.DnsFailed Critical 100']);
});

it('does not take a redirect for an answer unless one is expected', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/') response.writeHead(302, { location: '/gone' });
    else response.statusCode = 404;
    response.end();
  });
  expect(await kindsOf(url, { samples: 2 })).toEqual(['http-health.BadStatus Critical 100']);
  expect(await kindsOf(url, { samples: 2, expectStatus: 302 })).toEqual([]);
});

it('tells a certificate that nobody vouches for, and one that runs out', async () => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const keys: webcrypto.CryptoKeyPair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=page.test',
    keys,
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 3 * 86_400_000),
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----`;
  const port = await listening(
    createTlsServer({ key, cert: certificate.toString('pem') }, (_, response) => response.end()),
  );
  expect(await kindsOf(`https://127.0.0.1:${port}/`, { samples: 2 })).toEqual([
    'http-health.TlsInvalid Critical 100',
    expect.stringMatching(/^http-health\.TlsExpiresSoon Warning (3|2\.9)$/),
  ]);
});

it('throws rather than blames a page that it may not ask for', async () => {
  const policy = { hosts: ['*.example.com'], cidrs: [], whenEmpty: 'Nothing' } as const;
  await using strict = toolsFor(server, {}, {}, { dialer: createDialer({ policy, clock: systemClock }) });
  await expect(probe(context('http://127.0.0.1:1/', { samples: 2 }, strict))).rejects.toMatchObject({
    code: 'HostRefused',
  });
});
