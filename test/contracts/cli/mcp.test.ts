import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { systems } from '../../../controller/cli/mcp/systems.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';
import { type Redis, startRedis } from '../../lab/parts/redis.ts';
import { listening, overHttp, overStdio, runBin } from './bin.ts';

const folder = mkdtempSync(join(tmpdir(), 'threehops-cli-'));
const signal = new AbortController().signal;
const password = 'cli-password';
let redis: Redis;
let web: Server;
let asked = 0;
let address: string;

beforeAll(async () => {
  const config = { requirepass: password };
  redis = await startRedis({ dataDir: join(folder, 'redis'), signal, progress: () => undefined, config });
  web = createServer((_request, response) => {
    asked += 1;
    response.end('up');
  });
  address = `http://127.0.0.1:${await listen(web)}/health`;
});

afterAll(async () => {
  await redis?.stop();
  await closeServer(web);
  rmSync(folder, { recursive: true, force: true });
});

/** What each system needs to be started at all. */
const needed: Readonly<Record<string, Record<string, string>>> = {
  aws: { AWS_REGION: 'eu-central-1' },
  kubernetes: { KUBERNETES_TOKEN: 'a-token' },
};

const toolsOf = (name: string, access?: 'Read'): readonly string[] => {
  const tools = systems.filter((system) => system.name === name).flatMap(({ servers }) => servers);
  const all = tools.flatMap((server) => server.tools).filter((tool) => access === undefined || tool.access === access);
  return [...new Set(all.map((tool) => tool.name))].toSorted();
};

describe.each(systems.map(({ name }) => name))('threehops mcp %s', (name) => {
  it('offers on its standard streams what reads', async () => {
    await using client = closing(await overStdio([name], needed[name]));
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name).toSorted()).toEqual(toolsOf(name, 'Read'));
    expect(tools.every((tool) => tool.annotations?.readOnlyHint === true)).toBe(true);
    expect(client.getServerVersion()?.name).toBe(`threehops-${name}`);
  });

  it('offers over HTTP, told to --write, all it has', async () => {
    await using server = await listening([name, '--write'], needed[name]);
    const client = await overHttp(server.url);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name).toSorted()).toEqual(toolsOf(name));
    await client.close();
    expect(await server.stop()).toBe(0);
  });
});

function closing<T extends { close(): Promise<void> }>(client: T): T & AsyncDisposable {
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

const url = (): string => `redis://:${password}@127.0.0.1:${redis.port}`;

describe('a call', () => {
  test('of http by npx: one request, where --allow lets it go and not elsewhere', async () => {
    const args = { name: 'http_get', arguments: { url: address } };
    await using allowed = closing(await overStdio(['http', '--allow', '127.0.0.1'], {}, true));
    expect((await allowed.callTool(args)).structuredContent).toMatchObject({ status: 200 });
    expect(asked).toBe(1);
    await using strict = closing(await overStdio(['http']));
    expect(await strict.callTool(args)).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('Loopback') as string }],
    });
    expect(asked).toBe(1);
  });

  test('of redis, where and with what REDIS_URL says, over both ways', async () => {
    await using server = await listening(['redis'], { REDIS_URL: url() });
    await using stdio = closing(
      await overStdio(['redis'], { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(redis.port), REDIS_PASSWORD: password }),
    );
    await using http = closing(await overHttp(server.url));
    for (const client of [stdio, http]) {
      const answer = await client.callTool({ name: 'info', arguments: {} });
      expect(answer.structuredContent).toMatchObject({ tcp_port: redis.port, redis_mode: 'standalone' });
    }
  });

  test("does not show REDIS_URL's password to another host that a caller names", async () => {
    const other = { name: 'info', arguments: { connection: { host: 'localhost', port: redis.port } } };
    await using client = closing(await overStdio(['redis'], { REDIS_URL: url() }));
    expect(await client.callTool(other)).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('NotForTheseCredentials') as string }],
    });
  });

  test("goes where --config says, with that server's settings", async () => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, `allow: {cidrs: [127.0.0.0/8]}\nservers: {aws-ecs: {region: eu-west-3}}\n`);
    await using client = closing(await overStdio(['http', '--config', file]));
    const answer = await client.callTool({ name: 'http_get', arguments: { url: address } });
    expect(answer.structuredContent).toMatchObject({ status: 200 });
  });
});

describe('what goes wrong', () => {
  test.each([
    [['mcp', 'mainframe'], 2, 'there is no system mainframe'],
    [['mcp', 'redis', '--http', '0.0.0.0:1'], 2, 'loopback addresses alone'],
    [['mcp', 'redis', '--config', '/nowhere.yaml'], 1, 'cannot be read'],
    [['mcp', 'aws'], 1, 'region'],
    [['nothing'], 2, 'there is no command nothing'],
  ])('%j is told on standard error, with exit code %d', async (args, code, words) => {
    const ended = await runBin(args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).not.toMatch(/^ {4}at /m);
  });

  test('nothing, when help is asked for', async () => {
    expect(await runBin(['--help'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('mcp SYSTEM') as string,
    });
    expect(await runBin(['mcp', '-h'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('--http') as string,
    });
  });
});
