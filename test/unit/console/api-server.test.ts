import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApiServer, type ApiServer, type ApiServerOptions } from '../../../controller/console/api-server.ts';
import { lookMs } from '../../../controller/console/tls-files.ts';
import { noLog, type Log } from '../../../controller/kube/observe.ts';
import { addressOf, isLoopback } from '../../../controller/wiring/address.ts';
import { createAuthority, type Authority } from '../../lab/cluster/authority.ts';
import { until } from '../../lab/parts/process.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { post } from '../../helpers/webhook.ts';

const { signal } = new AbortController();
let folder: string;
let authority: Authority;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'api-server-'));
  authority = await createAuthority(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function files(name: string): Promise<{ certFile: string; keyFile: string; issue(): Promise<void> }> {
  const paths = { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
  const issue = async (): Promise<void> => {
    const { certPem, keyPem } = await authority.issueServer(['127.0.0.1', 'localhost']);
    await writeFile(paths.certFile, certPem);
    await writeFile(paths.keyFile, keyPem);
  };
  await issue();
  return { ...paths, issue };
}

async function serving(more: Partial<ApiServerOptions>, run: (server: ApiServer) => Promise<void>): Promise<void> {
  const server = await startApiServer(
    {
      host: '127.0.0.1',
      port: 0,
      routes: {
        '/here': async (_, response) => void response.end('here'),
        '/broken': () => Promise.reject(new Error('broken')),
      },
      rest: async (_, response) => void response.writeHead(404).end('rest'),
      clock: new FakeClock(),
      log: noLog,
      ...more,
    },
    signal,
  );
  try {
    await run(server);
  } finally {
    await server.stop();
  }
}

/** The serial number that the server shows. */
function serialOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', ca: authority.certPem }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

describe('the server of apiAddress', () => {
  test('gives a path to its route, another one to the rest, and says 503 where a route fails', async () => {
    await serving({}, async ({ url }) => {
      expect(await post(`${url}/here?x=1`, '')).toEqual({ code: 200, body: 'here' });
      expect((await post(`${url}/there`, '')).code).toBe(404);
      expect((await post(`${url}/constructor`, '')).code).toBe(404);
      expect((await post(`${url}/broken`, '')).code).toBe(503);
    });
  });

  test('speaks TLS with the certificate of its files, also with one that came later', async () => {
    const tls = await files('renewed');
    const clock = new FakeClock();
    const said: string[] = [];
    const tell = (message: string): void => void said.push(message);
    const log: Log = { ...noLog, info: tell, warn: tell };
    await serving({ tls, clock, log }, async ({ url }) => {
      expect(url).toMatch(/^https:/);
      expect(await post(`${url}/here`, '', { ca: authority.certPem })).toEqual({ code: 200, body: 'here' });
      const first = await serialOf(url);
      // Between the writes of its two files, or with one that is none, the old one stays.
      await writeFile(tls.keyFile, 'no key');
      await until('the look', async () => {
        await clock.advance(lookMs);
        return said.includes('the certificate cannot be read') ? true : undefined;
      });
      expect(await serialOf(url)).toBe(first);
      await tls.issue();
      await until('the new one', async () => {
        await clock.advance(lookMs);
        return (await serialOf(url)) === first ? undefined : true;
      });
      expect((await post(`${url}/here`, '', { ca: authority.certPem })).code).toBe(200);
    });
  });

  test('does not start on files that do not belong together', async () => {
    const [one, other] = [await files('one'), await files('other')];
    const tls = { certFile: one.certFile, keyFile: other.keyFile };
    await expect(serving({ tls }, () => Promise.resolve())).rejects.toThrow('key values mismatch');
  });
});

test.each([
  ['127.0.0.1:8090', '127.0.0.1', true],
  ['127.1.2.3:1', '127.1.2.3', true],
  ['[::1]:8090', '::1', true],
  ['localhost:8090', 'localhost', true],
  ['0.0.0.0:8090', '0.0.0.0', false],
  ['[::]:8090', '::', false],
  ['127.0.0.1.example.com:8090', '127.0.0.1.example.com', false],
  [':8090', '', false],
])('%s is the address %s, loopback: %s', (text, host, loopback) => {
  const address = addressOf(text);
  expect(address.host).toBe(host);
  expect(isLoopback(address)).toBe(loopback);
});
