import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { Finding } from '../../../controller/evidence/finding.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { ToolFailed } from '../../../controller/mcp/errors.ts';
import { connectRemote } from '../../../controller/mcp/remote-client.ts';
import { withinThreshold } from '../../../skills/prometheus/checks.ts';
import { probe } from '../../../skills/prometheus/probe.ts';
import { server } from '../../../skills/prometheus/server/server.ts';
import type { ProbeContext, Tools } from '../../../skills/skill.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { mcpServersMs, mcpServersVenv } from '../../lab/parts/mcp-servers.ts';
import { freePort, until } from '../../lab/parts/process.ts';
import { startPrometheus, type Prometheus } from '../../lab/parts/prometheus.ts';
import { startService, type Service } from '../../lab/parts/service.ts';
import { listen } from '../../lab/parts/listen.ts';

const end = new AbortController();
const { signal } = end;
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-prometheus-skill-'));
const progress = (): void => undefined;
let waiting = 3;
let page: Server;
let prometheus: Prometheus;
let embedded: HarnessTools;
let began: Date;

beforeAll(async () => {
  page = createServer((_, response) =>
    response.end(`# TYPE pool_waiting gauge\npool_waiting{pool="main"} ${waiting}\n`),
  );
  const port = await listen(page);
  prometheus = await startPrometheus({
    dataDir: folder('server'),
    signal,
    progress,
    scrapes: [
      { job: 'shop', url: `http://127.0.0.1:${port}` },
      { job: 'gone', url: `http://127.0.0.1:${await freePort()}` },
    ],
    rules: [
      { alert: 'PoolBusy', expr: 'pool_waiting > 20', for: '3s', labels: { severity: 'critical', service: 'shop' } },
    ],
  });
  embedded = toolsFor(server, { url: prometheus.url });
  await until('a baseline', async () => ((await samples()) >= 8 ? true : undefined), 30_000);
  began = new Date();
  waiting = 40;
  await until('the alert', async () => ((await fired()) ? true : undefined), 30_000);
}, 120_000);
afterAll(async () => {
  await embedded?.close();
  await prometheus?.stop();
  page?.close();
  end.abort();
  rmSync(dataDir, { recursive: true, force: true });
});

function folder(name: string): string {
  const path = join(dataDir, name);
  mkdirSync(path);
  return path;
}

async function countOf(query: string): Promise<number> {
  const answer = await embedded.call('execute_query', { query }, signal);
  const { result } = answer as { result: { value: [number, string] }[] };
  return Number(result[0]?.value[1] ?? 0);
}

const samples = (): Promise<number> => countOf('count_over_time(pool_waiting[1m])');
const fired = async (): Promise<boolean> => (await countOf('count(ALERTS{alertstate="firing"})')) > 0;

function context(tools: Tools, parameters: JsonObject): ProbeContext {
  const node = { id: 'shop/numbers', name: 'numbers', type: 'metrics', with: { stepSeconds: 1, ...parameters } };
  return { node, tools, clock: systemClock, window: { from: began, to: new Date() }, signal };
}

const query = { name: 'waiting', query: 'pool_waiting', aspect: 'Saturation', unit: 'requests' };

/** Begun when the number rose, give or take two scrapes. */
function isSinceTheRise({ since = '' }: Finding): boolean {
  const late = Date.parse(since) - began.getTime();
  return late > -1000 && late < 3000;
}

/** What the embedded server answers and the third party's, on the same system. */
function contract(tools: () => Tools): void {
  it('a threshold, a baseline, an alert and a target are read', async () => {
    const { findings, gaps, series } = await probe(
      context(tools(), {
        queries: [
          { ...query, threshold: 10 },
          { ...query, name: 'unusual' },
        ],
        alerts: { matchLabels: { service: 'shop' } },
        targets: { matchLabels: { job: 'gone' } },
        windowSeconds: 60,
      }),
    );
    expect(gaps).toEqual([]);
    expect(findings.map(({ kind, severity }) => [kind, severity])).toEqual([
      ['prometheus.ThresholdCrossed', 'Warning'],
      ['prometheus.Anomaly', 'Warning'],
      ['prometheus.AlertFiring', 'Critical'],
      ['prometheus.TargetDown', 'Warning'],
    ]);
    const [crossed, strange, alert, down] = findings;
    expect(crossed).toMatchObject({ value: 40, threshold: 10, facts: { labels: { pool: 'main', job: 'shop' } } });
    expect(strange).toMatchObject({ value: 40, threshold: 3 });
    expect([crossed, strange, alert].every((finding) => finding !== undefined && isSinceTheRise(finding))).toBe(true);
    expect(down?.facts?.['error']).toContain('connection refused');
    expect(series.map(({ aspect }) => aspect)).toEqual(['Saturation', 'Saturation', 'Availability']);
  });

  it('the check judges what is now', async () => {
    const verdict = async (threshold: number, more = {}): Promise<unknown> => {
      const queries = [{ ...query, threshold, ...more }];
      return (await withinThreshold.run({ ...context(tools(), { queries }), thresholds: {} })).verdict;
    };
    expect([await verdict(10), await verdict(100)]).toEqual(['Fail', 'Pass']);
    expect(await verdict(10, { query: 'no_such_metric' })).toBe('Inconclusive');
  });

  it('an expression that is none fails the call', async () => {
    await expect(tools().call('execute_query', { query: 'sum(' }, signal)).rejects.toBeInstanceOf(ToolFailed);
    await expect(probe(context(tools(), { queries: [{ ...query, query: 'sum(' }] }))).rejects.toMatchObject({
      name: 'NothingAnsweredError',
    });
  });

  it('metrics are listed and described', async () => {
    expect(await tools().call('list_metrics', { filter_pattern: 'POOL_', limit: 1 }, signal)).toEqual({
      metrics: ['pool_waiting'],
      total_count: 1,
      returned_count: 1,
      offset: 0,
      has_more: false,
    });
    const told = JSON.stringify(await tools().call('get_metric_metadata', { metric: 'pool_waiting' }, signal));
    expect(told).toContain('"type":"gauge"');
  });

  it('targets are listed a part at a time', async () => {
    const { activeTargets, ...counts } = (await tools().call('get_targets', { limit: 1 }, signal)) as JsonObject;
    expect(activeTargets).toMatchObject([{ labels: { job: expect.any(String) } }]);
    expect(counts).toMatchObject({ total_active: 2, returned_active: 1, has_more: true, state: 'active' });
  });
}

describe('the embedded server', () => {
  contract(() => embedded);

  it('says what Prometheus says, and goes nowhere without a URL', async () => {
    await expect(embedded.call('execute_query', { query: 'sum(' }, signal)).rejects.toMatchObject({ code: 'bad_data' });
    await using nobody = toolsFor(server);
    await expect(nobody.call('execute_query', { query: 'up' }, signal)).rejects.toMatchObject({ code: 'UrlMissing' });
    const connection = { url: prometheus.url };
    expect(await nobody.call('execute_query', { query: 'vector(1)', connection }, signal)).toMatchObject({
      resultType: 'vector',
    });
  });

  it('sends its credentials to the server that is asked', async () => {
    const seen: unknown[] = [];
    const gate = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.statusCode = 401;
      response.end('no');
    });
    const url = `http://127.0.0.1:${await listen(gate)}`;
    for (const credentials of [{ token: 'abc' }, { username: 'u', password: 'p' }]) {
      await using asking = toolsFor(server, { url }, credentials);
      await expect(asking.call('execute_query', { query: 'up' }, signal)).rejects.toMatchObject({ code: 'Http401' });
    }
    gate.close();
    expect(seen).toEqual(['Bearer abc', 'Basic dTpw']);
  });
});

describe('prometheus-mcp-server', () => {
  let process: Service;
  let tools: Awaited<ReturnType<typeof connectRemote>>;
  beforeAll(async () => {
    const venv = await mcpServersVenv({ signal, progress });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    process = await startService({
      name: 'prometheus-mcp-server',
      command: venv.bin('prometheus-mcp-server'),
      args: [],
      env: {
        PATH: globalThis.process.env['PATH'],
        PROMETHEUS_URL: prometheus.url,
        PROMETHEUS_MCP_SERVER_TRANSPORT: 'http',
        PROMETHEUS_MCP_BIND_PORT: String(port),
      },
      dataDir: folder('mcp'),
      signal,
      ready: async () => (await fetch(`${url}/health`).catch(() => undefined))?.ok === true,
    });
    const options = {
      serverId: 'prometheus',
      access: 'Read' as const,
      clock: systemClock,
      url: `${url}/mcp`,
      dialer: openDialer,
    };
    tools = await connectRemote(options, signal);
  }, mcpServersMs);
  afterAll(async () => {
    await tools?.close();
    await process?.stop();
  });

  contract(() => tools);
});
