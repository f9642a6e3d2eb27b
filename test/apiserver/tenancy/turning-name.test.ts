import type * as dns from 'node:dns/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRecorder, type Recorder } from './recorder.ts';
import { nodeOf, page, reachable, twoTenants, type Tenants } from './tenants.ts';

/** What the attacker's name server says of his name, one answer after the other; the last one stays. */
const answers: string[] = [];
let asked = 0;

vi.mock('node:dns/promises', async (original) => {
  const real = await original<typeof dns>();
  const lookup = async (host: string, options: object): Promise<unknown> => {
    if (!host.endsWith('.turning.test')) return real.lookup(host, options);
    asked += 1;
    return [{ address: answers.length > 1 ? answers.shift() : answers[0], family: 4 }];
  };
  return { ...real, lookup };
});

let tenants: Tenants;
let evil: Recorder;
beforeAll(async () => {
  tenants = await twoTenants('turning');
  evil = await startRecorder(reachable);
});
afterAll(async () => {
  await tenants.close();
  await evil.stop();
});

const look = (host: string, port: string) =>
  tenants.diagnose(tenants.mallory, tenants.attacker, {
    self: [page('target', `http://${host}:${port}/version?attack=`)],
  });

test.each([
  ['the API server', '127.0.0.1'],
  ['the metadata address', '169.254.169.254'],
])('a DNS name that is harmless when it is first asked for and then %s leads nowhere else', async (what, later) => {
  answers.splice(0, answers.length, reachable, later);
  asked = 0;
  const before = tenants.dialled.length;
  const { port } = new URL(evil.url);
  // The port is that of the API server, where the name is to lead there.
  const wanted =
    what === 'the API server' ? new URL(tenants.proxy.kubeConfig().getCurrentCluster()?.server ?? '').port : port;
  await look('a.turning.test', wanted);
  expect(asked).toBeGreaterThan(1);
  const reached = tenants.dialled.slice(before).filter((address) => address.endsWith(`:${wanted}`));
  expect(reached.filter((address) => address.startsWith('169.254.'))).toEqual([]);
  expect(tenants.proxy.seen.filter(({ query }) => query.has('attack'))).toEqual([]);
});

test('one that stays is reached', async () => {
  answers.splice(0, answers.length, reachable);
  const { port } = new URL(evil.url);
  const end = await look('b.turning.test', port);
  expect(nodeOf(end, 'target')).toMatchObject({ health: 'Healthy' });
  expect(evil.requests.map(({ headers }) => headers.host)).toContain(`b.turning.test:${port}`);
});
