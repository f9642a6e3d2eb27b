import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { AlertsRoute, type AlertsRouteOptions } from '../../../controller/alerts/alerts-route.ts';
import { Overloaded } from '../../../controller/alerts/overloaded.ts';
import { Unsettled, type Outcome } from '../../../controller/alerts/receiver.ts';
import { readWebhook, type Alert } from '../../../controller/alerts/webhook.ts';
import { Unavailable } from '../../../controller/kube/errors.ts';
import { noLog } from '../../../controller/kube/observe.ts';
import { MetricsRegistry } from '../../../controller/telemetry/metrics.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';
import { until } from '../../lab/parts/process.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { post, sentAlert, sentWebhook } from '../../helpers/webhook.ts';

const body = JSON.stringify(sentWebhook([sentAlert({ service: 'shop' }), sentAlert({ service: 'pay' })]));
const token = 'am';
const away = new Unavailable('no connection', { status: 0, reason: '' });
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await closeServer(server);
});

interface World {
  readonly url: string;
  readonly port: number;
  readonly clock: FakeClock;
  readonly metrics: MetricsRegistry;
}

async function worldOf(
  outcomes: readonly (Outcome | Error)[] | (() => Promise<void>) = ['opened', 'joined'],
  more: Partial<AlertsRouteOptions> = {},
): Promise<World> {
  const clock = new FakeClock();
  const metrics = new MetricsRegistry();
  const receive: AlertsRouteOptions['receiver']['receive'] = async ({ alerts }) => {
    if (typeof outcomes === 'function') await outcomes();
    const list = typeof outcomes === 'function' ? [] : outcomes;
    const failure = list.find((one) => one instanceof Error);
    if (failure !== undefined) throw failure;
    return new Map(alerts.map((alert, i): [Alert, Outcome] => [alert, (list[i] as Outcome | undefined) ?? 'opened']));
  };
  const route = new AlertsRoute({
    receiver: { receive },
    callers: {
      callerOf: async (shown) => {
        if (shown === 'away') throw away;
        return shown === token ? { username: 'am', mayOpenIn: async () => true } : undefined;
      },
    },
    hasSynced: () => true,
    limits: { maxBodyBytes: 4096, requestsPerSecond: 5, burst: 10, concurrency: 2, timeoutSeconds: 20 },
    clock,
    log: noLog,
    metrics,
    ...more,
  });
  const server = createServer((request, response) => void route.serve(request, response));
  servers.push(server);
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}/api/v1/alerts`, port, clock, metrics };
}

describe('the answer to a webhook', () => {
  test.each([
    ['200 when all is stored', ['opened', 'repeated'], 200],
    ['200 when nothing matches', ['unmatched', 'unmatched'], 200],
    ['200 when a part is served', ['forbidden', 'opened'], 200],
    ['403 when all that matches is forbidden', ['forbidden', 'unmatched'], 403],
    ['503 when the cluster is away', [new AggregateError([away])], 503],
    ['503 when the sessions keep changing', [new AggregateError([new Unsettled('no')])], 503],
    ['503 when it takes too long', [new Overloaded('late')], 503],
    ['500 for a defect', [new AggregateError([away, new TypeError('a defect')])], 500],
  ] as const)('is %s', async (_, outcomes, code) => {
    const { url } = await worldOf(outcomes);
    expect((await post(url, body, { token })).code).toBe(code);
  });

  test.each([
    ['401 without a token', body, {}, 401],
    ['401 for a token that nobody knows', body, { token: 'guess' }, 401],
    ['503 when nobody can say whose it is', body, { token: 'away' }, 503],
    ['405 for another method', '', { token, method: 'GET' }, 405],
    ['400 for rubbish', '{"version":"4"}', { token }, 400],
    ['413 for what is too large', 'x'.repeat(5000), { token }, 413],
  ] as const)('is %s', async (_, sent, sending, code) => {
    const { url, metrics } = await worldOf();
    expect((await post(url, sent, sending)).code).toBe(code);
    expect(await metrics.text()).toContain(`threehops_alert_requests_total{code="${code}"} 1`);
  });

  test('is 503 before the caches are there', async () => {
    const { url } = await worldOf([], { hasSynced: () => false });
    expect((await post(url, body, { token })).code).toBe(503);
  });

  test('is 503 with the reason where none are taken, and that is counted', async () => {
    const { url, metrics } = await worldOf([], { refusal: 'no TLS' });
    expect(await post(url, body, { token })).toEqual({
      code: 503,
      body: `${JSON.stringify({ code: 503, message: 'no TLS' })}\n`,
    });
    expect(await metrics.text()).toContain('threehops_alert_requests_total{code="503"} 1');
  });

  test('is 413 also where the length was not told, and no more is read', async () => {
    const { port } = await worldOf();
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let said = '';
      socket.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      socket.once('close', () => resolve(said));
      socket.once('error', reject);
      const head = `POST /api/v1/alerts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ntransfer-encoding: chunked\r\n\r\n`;
      const chunk = `2000\r\n${'x'.repeat(8192)}\r\n`;
      socket.write(head + chunk);
    });
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer.toLowerCase()).toContain('connection: close');
  });
});

test('a refusal keeps the connection, so that trying again costs no other one', async () => {
  const { url } = await worldOf([], { hasSynced: () => false });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<number | undefined>();
  const codes: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    const sent = request(url, { method: 'POST', agent, headers: { 'content-length': body.length } });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    sockets.add(response.socket.localPort);
    codes.push(response.statusCode ?? 0);
    await text(response);
  }
  agent.destroy();
  expect(codes).toEqual([503, 503, 503]);
  expect(sockets.size).toBe(1);
});

describe('limits', () => {
  test('of requests a second: what is beyond is asked for again', async () => {
    const { url, clock } = await worldOf();
    const codes: number[] = [];
    for (let i = 0; i < 12; i += 1) codes.push((await post(url, body, { token })).code);
    expect(codes).toEqual([...Array.from({ length: 10 }, () => 200), 503, 503]);
    await clock.advance(1000);
    expect((await post(url, body, { token })).code).toBe(200);
  });

  test('of requests at once', async () => {
    const go = Promise.withResolvers<void>();
    let running = 0;
    const arrived = Promise.withResolvers<void>();
    const { url } = await worldOf(async () => {
      running += 1;
      if (running === 2) arrived.resolve();
      await go.promise;
    });
    const first = [post(url, body, { token }), post(url, body, { token })];
    await arrived.promise;
    expect((await post(url, body, { token })).code).toBe(503);
    go.resolve();
    expect((await Promise.all(first)).map(({ code }) => code)).toEqual([200, 200]);
    expect((await post(url, body, { token })).code).toBe(200);
  });
});

test('who waits to be known, or is not, takes no place from who is', async () => {
  const go = Promise.withResolvers<undefined>();
  let waiting = 0;
  const callerOf: AlertsRouteOptions['callers']['callerOf'] = (shown, address) => {
    if (shown === token) return Promise.resolve({ username: address, mayOpenIn: async () => true });
    waiting += 1;
    return go.promise;
  };
  const { url } = await worldOf(['opened'], { callers: { callerOf } });
  const guesses = Array.from({ length: 20 }, (_, i) => post(url, body, { token: `guess-${i}` }));
  await until('all are there', async () => (waiting === guesses.length ? true : undefined));
  expect((await post(url, body, { token })).code).toBe(200);
  go.resolve(undefined);
  expect(new Set((await Promise.all(guesses)).map(({ code }) => code))).toEqual(new Set([401]));
});

test('who sends slowly leaves a place to who does not, by however many accounts of his namespace', async () => {
  const callerOf: AlertsRouteOptions['callers']['callerOf'] = async (shown) => ({
    username: `system:serviceaccount:${shown}`,
    mayOpenIn: async () => true,
  });
  const limits = { maxBodyBytes: 4096, requestsPerSecond: 100, burst: 100, concurrency: 4, timeoutSeconds: 20 };
  const { url, port } = await worldOf(['opened'], { callers: { callerOf }, limits });
  const head = (account: number): string =>
    `POST /api/v1/alerts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer slow:${account}\r\ncontent-length: 100\r\n\r\n{`;
  const refused: string[] = [];
  const slow = Array.from({ length: 10 }, (_, account) => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => void refused.push(chunk.toString())).write(head(account));
    return socket;
  });
  await until('the slow ones to be there', async () => (refused.length === 7 ? true : undefined), 5_000);
  expect((await post(url, body, { token: 'others:a' })).code).toBe(200);
  expect((await post(url, body, { token: 'slow:x' })).code).toBe(503);
  expect(refused.map((answer) => answer.slice(0, 12))).toEqual(Array.from({ length: 7 }, () => 'HTTP/1.1 503'));
  for (const socket of slow) socket.destroy();
  await until(
    'their places to be free',
    async () => (await post(url, body, { token: 'slow:x' })).code === 200 || undefined,
  );
});

test('every alert is counted by what became of it', async () => {
  const { url, metrics } = await worldOf(['opened', 'unmatched']);
  await post(url, body, { token });
  const told = await metrics.text();
  expect(told).toContain('threehops_alerts_total{result="opened"} 1');
  expect(told).toContain('threehops_alerts_total{result="unmatched"} 1');
  expect(readWebhook(body).alerts).toHaveLength(2);
});
