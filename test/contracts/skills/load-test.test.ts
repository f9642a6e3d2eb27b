import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { createDialer } from '../../../controller/mcp/outbound.ts';
import { loadTest } from '../../../skills/load-test/load-test.ts';
import { server } from '../../../skills/load-test/server/server.ts';
import type { CheckContext } from '../../../skills/skill.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { listen } from '../../lab/parts/listen.ts';

const neverAborted = new AbortController().signal;
const open: Server[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) {
    one.closeAllConnections();
    await new Promise((resolve) => one.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const one = createServer(listener);
  open.push(one);
  return `http://127.0.0.1:${await listen(one)}`;
}

function context(tools: HarnessTools, load: JsonObject): CheckContext {
  const node = { id: 'shop', name: 'shop', type: 'service', with: {} };
  const window = { from: new Date(), to: new Date() };
  return { node, tools, clock: systemClock, window, signal: neverAborted, thresholds: { tests: { load } } };
}

it('puts the load of the map on a server, and counts what came of it', async () => {
  const seen = { requests: 0, sockets: new Set<unknown>(), bodies: new Set<string>(), types: new Set<unknown>() };
  const url = await serve((request, response) => {
    seen.requests += 1;
    seen.sockets.add(request.socket);
    seen.types.add(request.headers['content-type']);
    request.setEncoding('utf8').on('data', (text: string) => seen.bodies.add(text));
    response.statusCode = seen.requests % 20 === 0 ? 500 : 201;
    response.end();
  });
  await using tools = toolsFor(server, {}, {}, { access: 'ReadWrite' });
  const load = {
    url,
    method: 'POST',
    body: '{"amount":1}',
    connections: 3,
    requestsPerSecond: 33,
    // More than one call of the tool takes, the last one for what is left.
    durationSeconds: 3,
  };
  const result = await loadTest.run(context(tools, load));
  expect(result).toMatchObject({ verdict: 'Fail', threshold: 10_000 });
  expect(seen.requests).toBeGreaterThan(50);
  expect(seen.requests).toBeLessThanOrEqual(100);
  expect(result.value).toBe(Math.round((Math.floor(seen.requests / 20) / seen.requests) * 1_000_000));
  expect(result.summary).toContain(`500: ${Math.floor(seen.requests / 20)}`);
  expect(seen.sockets.size).toBeLessThanOrEqual(3);
  expect([...seen.bodies]).toEqual(['{"amount":1}']);
  expect([...seen.types]).toEqual(['application/json']);
});

it('counts connections that break or are refused as errors, without a storm of them', async () => {
  const url = await serve((request) => request.socket.destroy());
  await using tools = toolsFor(server, {}, {}, { access: 'ReadWrite' });
  const load = { url, requestsPerSecond: 40, durationSeconds: 1 };
  const broken = await loadTest.run(context(tools, load));
  expect(broken).toMatchObject({ verdict: 'Fail', value: 1_000_000 });
  await Promise.all(open.splice(0).map((one) => new Promise((resolve) => one.close(resolve))));
  const refused = await loadTest.run(context(tools, load));
  expect(refused).toMatchObject({ verdict: 'Fail', value: 1_000_000 });
  expect(Number(/ECONNREFUSED: (\d+)/.exec(refused.summary)?.[1])).toBeLessThanOrEqual(40);
});

it('is held to what the platform allows', async () => {
  let requests = 0;
  const url = await serve((_, response) => {
    requests += 1;
    response.end();
  });
  const load = { url, connections: 50, requestsPerSecond: 1000, durationSeconds: 1 };
  await using narrow = toolsFor(server, { maxRequestsPerSecond: 10 }, {}, { access: 'ReadWrite' });
  expect((await loadTest.run(context(narrow, load))).verdict).toBe('Pass');
  expect(requests).toBeLessThanOrEqual(11);

  await using reading = toolsFor(server);
  await expect(loadTest.run(context(reading, load))).rejects.toMatchObject({ name: 'ToolRefused' });
  const policy = { hosts: [], cidrs: [], whenEmpty: 'Nothing' } as const;
  const dialer = createDialer({ policy, clock: systemClock });
  await using nowhere = toolsFor(server, {}, {}, { access: 'ReadWrite', dialer });
  await expect(loadTest.run(context(nowhere, load))).rejects.toMatchObject({ code: 'HostRefused' });
  expect(requests).toBeLessThanOrEqual(11);
});
