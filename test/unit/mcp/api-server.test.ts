import { expect, it } from 'vitest';
import { apiServerOf } from '../../../controller/mcp/api-server.ts';
import type { Resolve } from '../../../controller/mcp/outbound.ts';
import { FakeClock, settle } from '../../helpers/fake-clock.ts';

const found =
  (names: Record<string, string>): Resolve =>
  async (host) => {
    const address = names[host];
    if (address === undefined) throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
    return [{ address, family: 4 }];
  };

it('is what its host resolves to, what a pod is told, and what it publishes of itself', async () => {
  const server = apiServerOf(
    { hosts: ['Api.Cluster.Test.', '10.96.0.1'], read: async () => ['10.96.0.1', '192.0.2.9', '::ffff:192.0.2.10'] },
    new FakeClock(),
    found({ 'api.cluster.test': '203.0.113.5' }),
  );
  const known = ['10.96.0.1', '192.0.2.9', '192.0.2.10', '203.0.113.5'];
  expect(await server.addresses()).toEqual(new Set(known));
  expect(server.names).toEqual(['api.cluster.test', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc']);
});

it('is looked up anew after a while, once for all who ask', async () => {
  const clock = new FakeClock();
  const names = { 'api.test': '203.0.113.5' };
  let reads = 0;
  const read = async () => {
    reads += 1;
    return ['10.96.0.1'];
  };
  const server = apiServerOf({ hosts: ['api.test'], read }, clock, found(names));
  await Promise.all([server.addresses(), server.addresses()]);
  names['api.test'] = '203.0.113.6';
  expect(await server.addresses()).toContain('203.0.113.5');
  await clock.advance(30_000);
  expect(await server.addresses()).toEqual(new Set(['10.96.0.1', '203.0.113.6']));
  expect(reads).toBe(2);
});

it('what cannot be learnt now is as it was, is told, and is not waited for', async () => {
  const clock = new FakeClock();
  const failures: unknown[] = [];
  let read = async (): Promise<readonly string[]> => ['192.0.2.9'];
  const names: Record<string, string> = { 'api.test': '203.0.113.5' };
  const sources = {
    hosts: ['api.test'],
    read: () => read(),
    onUnreadable: (error: unknown) => void failures.push(error),
  };
  const server = apiServerOf(sources, clock, found(names));
  const all = new Set(['192.0.2.9', '203.0.113.5']);
  expect(await server.addresses()).toEqual(all);
  delete names['api.test'];
  read = () => new Promise(() => undefined);
  await clock.advance(30_000);
  const asked = server.addresses();
  await settle();
  await clock.advance(2_000);
  expect(await asked).toEqual(all);
  expect(failures).toHaveLength(1);
});
