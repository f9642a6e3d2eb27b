import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import type { PinnedAddress } from '../../../controller/mcp/dialer.ts';
import { createDialers } from '../../../controller/mcp/dialers.ts';
import { apiServerOf } from '../../../controller/mcp/api-server.ts';
import { noCredentials } from '../../../controller/mcp/credentials.ts';
import { connectSocket, guardedSocket } from '../../../controller/mcp/guards.ts';
import { resolveAll, type Resolve } from '../../../controller/mcp/outbound.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';

const signal = new AbortController().signal;

/** Names whose addresses this file decides; all else is asked of the system, which needs no network for a spelled address. */
const names: Record<string, readonly string[]> = {
  'api.cluster.test': ['203.0.113.5'],
  'kubernetes.default.svc': ['10.96.0.1'],
  // Looked up elsewhere it might be anywhere.
  'kubernetes.default.svc.cluster.local': ['203.0.113.81'],
  'metadata.google.internal': ['203.0.113.80'],
  'innocent.test': ['10.96.0.1'],
  'innocent6.test': ['::ffff:192.0.2.9'],
  'loop.test': ['127.0.0.1'],
  'far.test': ['203.0.113.7'],
};
const resolve: Resolve = async (host) => {
  const found = names[host]?.map((address): PinnedAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
  return found ?? resolveAll(host);
};

/** Where sockets of this process were told to go. */
const attempts: string[] = [];
const onSocket = (message: unknown): void => {
  const { socket } = message as { readonly socket: Socket };
  socket.on('connectionAttempt', (address: string) => attempts.push(address));
};
beforeAll(() => subscribe('net.client.socket', onSocket));
afterAll(() => void unsubscribe('net.client.socket', onSocket));

const read = async (): Promise<readonly string[]> => ['10.96.0.1', '192.0.2.9', '2001:db8::9'];
const apiServer = apiServerOf({ hosts: ['api.cluster.test'], read }, systemClock, resolve);
const reading = (cidrs: readonly string[] = []) =>
  createDialers({ allow: { hosts: [], cidrs }, apiServer, clock: systemClock, resolve }).dialerFor(
    noCredentials,
    'Read',
  );

describe('nothing is dialled at', () => {
  const dialer = reading();

  it.each([
    ['the API server by the name in the kubeconfig', 'api.cluster.test', 'ApiServer'],
    ['the API server by the address of that name', '203.0.113.5', 'ApiServer'],
    ['the API server by its name in the cluster', 'kubernetes.default.svc', 'ApiServer'],
    ['the API server by its whole name', 'kubernetes.default.svc.cluster.local', 'ApiServer'],
    ["the Service's ClusterIP", '10.96.0.1', 'ApiServer'],
    ["the Service's ClusterIP, mapped into IPv6", '::ffff:10.96.0.1', 'ApiServer'],
    ["the Service's ClusterIP as one number", '174063617', 'ApiServer'],
    ["the Service's ClusterIP in octal", '012.0140.0.01', 'ApiServer'],
    ["the Service's ClusterIP in hexadecimal", '0x0a600001', 'ApiServer'],
    ['an endpoint behind the Service', '192.0.2.9', 'ApiServer'],
    ['an endpoint behind the Service, by IPv6', '2001:db8:0:0::9', 'ApiServer'],
    ['an innocent name for the ClusterIP', 'innocent.test', 'ApiServer'],
    ['an innocent name for an endpoint, mapped', 'innocent6.test', 'ApiServer'],
    ['the ClusterIP through NAT64', '64:ff9b::a60:1', 'EmbeddedIpv4'],
    ['the ClusterIP, translated', '::ffff:0:10.96.0.1', 'EmbeddedIpv4'],
    ['localhost', 'localhost', 'Loopback'],
    ['localhost with a dot', 'localhost.', 'Loopback'],
    ['an innocent name for loopback', 'loop.test', 'Loopback'],
    ['loopback as one number', '2130706433', 'Loopback'],
    ['loopback in octal', '0177.0.0.1', 'Loopback'],
    ['loopback in hexadecimal', '0x7f.1', 'Loopback'],
    ['loopback in short', '127.1', 'Loopback'],
    ['loopback by IPv6', '[::1]', 'Loopback'],
    ['loopback by IPv6 with a zone', '::1%lo', 'Loopback'],
    ['no address at all', '0.0.0.0', 'Unspecified'],
    ['no address, in short', '0', 'Unspecified'],
    ['the metadata address', '169.254.169.254', 'Metadata'],
    ['the metadata address as one number', '2852039166', 'Metadata'],
    ['the metadata address, mapped into IPv6', '::ffff:a9fe:a9fe', 'Metadata'],
    ['the metadata address through NAT64', '64:ff9b::a9fe:a9fe', 'EmbeddedIpv4'],
    ["AWS's metadata by IPv6", 'fd00:ec2::254', 'Metadata'],
    ["ECS' task metadata", '169.254.170.2', 'Metadata'],
    ["EKS' pod identity", 'fd00:ec2::23', 'Metadata'],
    ["Google's metadata by its name, whatever that resolves to", 'metadata.google.internal', 'Metadata'],
    ["Google's metadata by IPv6", 'fd20:ce::254', 'Metadata'],
    ["Alibaba's metadata", '100.100.100.200', 'Metadata'],
    ["Azure's wire server", '168.63.129.16', 'Metadata'],
    ["Oracle's metadata", '192.0.0.192', 'Metadata'],
    ["Scaleway's metadata by IPv6", 'fd00:42::42', 'Metadata'],
  ])('%s (%s)', async (_, host, reason) => {
    const before = attempts.length;
    await expect(dialer.pin(host, signal)).rejects.toMatchObject({ code: 'HostRefused', reason });
    await expect(connectSocket(dialer, { host, port: 443 }, signal)).rejects.toMatchObject({ reason });
    const error = await new Promise((fail) => guardedSocket(dialer).once('error', fail).connect(443, host));
    expect(error).toMatchObject({ code: 'HostRefused' });
    const inUrl = host.includes(':') && !host.startsWith('[') ? `[${host.split('%')[0]}]` : host;
    await expect(dialer.fetch(`http://${inUrl}/`)).rejects.toMatchObject({ code: 'HostRefused' });
    expect(attempts.length).toBe(before);
  });

  it('an ordinary address is another matter', async () => {
    await expect(dialer.pin('far.test', signal)).resolves.toMatchObject({ address: '203.0.113.7' });
  });
});

it('what the configuration takes in by CIDR is dialled, and seen to be', async () => {
  const server = createServer((_request, response) => response.end('here'));
  const port = await listen(server);
  const answer = await reading(['127.0.0.1/32', '10.96.0.0/16']).fetch(`http://loop.test:${port}/`);
  await closeServer(server);
  expect(answer.status).toBe(200);
  expect(attempts).toContain('127.0.0.1');
  await expect(reading(['10.96.0.0/16']).pin('innocent.test', signal)).resolves.toMatchObject({ address: '10.96.0.1' });
});

it('a name that changes its answer between the look and the connection is of no use', async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.socket.localAddress ?? '');
    response.end();
  });
  const port = await listen(server, '127.0.0.2');
  const answers = ['127.0.0.2', '127.0.0.3'];
  const rebinding: Resolve = async () => [{ address: answers.shift() ?? '127.0.0.3', family: 4 }];
  const allow = { hosts: [], cidrs: ['127.0.0.2/32'] };
  const turning = createDialers({ allow, clock: systemClock, resolve: rebinding }).dialerFor(noCredentials, 'Read');
  expect((await turning.fetch(`http://turns.test:${port}/`)).status).toBe(200);
  expect(answers).toEqual(['127.0.0.3']);
  await turning.close();
  await expect(turning.pin('turns.test', signal)).rejects.toMatchObject({ address: '127.0.0.3', reason: 'Loopback' });
  await closeServer(server);
  expect(seen).toEqual(['127.0.0.2']);
});
