import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import type { DialInit, PinnedAddress } from '../../../controller/mcp/dialer.ts';
import { gitResolveArgs } from '../../../controller/mcp/git-resolve.ts';
import { connectSocket, fetchVia, guardedAgents, guardedSocket, streamVia } from '../../../controller/mcp/guards.ts';
import { createDialer, type OutboundDialer } from '../../../controller/mcp/outbound.ts';
import { HostRefusedError } from '../../../controller/mcp/outbound-errors.ts';
import type { OutboundPolicy } from '../../../controller/mcp/outbound-policy.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';

const signal = new AbortController().signal;
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((clean) => clean()));
});

/** Names of this file's own making, so that no test asks a real resolver. */
const names: Record<string, PinnedAddress[]> = {
  'here.test': [{ address: '127.0.0.1', family: 4 }],
  'both.test': [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ],
  'far.test': [{ address: '203.0.113.7', family: 4 }],
  'meta.test': [{ address: '169.254.169.254', family: 4 }],
};

function dialer(policy: Partial<OutboundPolicy> = {}, resolveTimeoutMs = 1_000): OutboundDialer {
  const made = createDialer({
    policy: { hosts: [], cidrs: ['127.0.0.0/8'], whenEmpty: 'Nothing', ...policy },
    clock: systemClock,
    resolveTimeoutMs,
    resolve: async (host) => {
      const found = names[host];
      if (host === 'slow.test') return new Promise(() => undefined);
      if (found === undefined) throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
      return found;
    },
  });
  cleanups.push(() => made.close());
  return made;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(handler: Handler): Promise<{ port: number; seen: IncomingMessage[]; server: Server }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    handler(request, response);
  });
  cleanups.push(() => closeServer(server));
  return { port: await listen(server), seen, server };
}

describe('pinning', () => {
  it('answers a checked address, the first that is allowed', async () => {
    expect(await dialer().pin('here.test', signal)).toEqual({ address: '127.0.0.1', family: 4 });
    expect(await dialer().pin('both.test', signal)).toEqual({ address: '127.0.0.1', family: 4 });
    expect(await dialer().pin('127.0.0.1', signal)).toEqual({ address: '127.0.0.1', family: 4 });
  });

  it('names host, address and reason of a refusal', async () => {
    const refusal = await dialer()
      .pin('Meta.Test.', signal)
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(HostRefusedError);
    expect(refusal).toMatchObject({
      code: 'HostRefused',
      host: 'meta.test',
      address: '169.254.169.254',
      reason: 'Metadata',
      message: 'meta.test (169.254.169.254) is refused: Metadata',
    });
    await expect(dialer().pin('far.test', signal)).rejects.toMatchObject({ reason: 'NotAllowed' });
    await expect(dialer().pin('[::1]', signal)).rejects.toMatchObject({ reason: 'Loopback' });
  });

  it('passes on what the resolver says, and does not wait for it for ever', async () => {
    await expect(dialer().pin('unknown.test', signal)).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(dialer({}, 20).pin('slow.test', signal)).rejects.toMatchObject({ code: 'DialTimeout' });
    const impatient = new AbortController();
    const pinned = dialer().pin('slow.test', impatient.signal);
    impatient.abort(new Error('enough'));
    await expect(pinned).rejects.toThrow('enough');
  });

  it('resolves nothing for a name that these credentials are not for', async () => {
    const narrowed = dialer({ credentialHosts: ['here.test'] });
    await expect(narrowed.pin('slow.test', signal)).rejects.toMatchObject({ reason: 'NotForTheseCredentials' });
    await expect(narrowed.pin('here.test', signal)).resolves.toBeDefined();
  });
});

describe('fetch', () => {
  it('sends the request to the pinned address under the name of the host', async () => {
    const { port, seen } = await serve((request, response) => {
      request.pipe(response.setHeader('x-kind', ['a', 'b']));
    });
    const answer = await dialer().fetch(`http://here.test:${port}/p?q=1`, {
      method: 'POST',
      headers: { 'x-token': 't' },
      body: 'hello',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['x-kind']).toBe('a, b');
    expect(Buffer.from(answer.body).toString()).toBe('hello');
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/p?q=1' });
    expect(seen[0]?.headers).toMatchObject({ host: `here.test:${port}`, 'x-token': 't' });
  });

  it.each(['http://[::1]:1/', 'http://meta.test/', 'http://169.254.169.254/', 'http://2130706433.test/'])(
    'does not reach %s',
    async (url) => {
      await expect(dialer().fetch(url)).rejects.toMatchObject({
        code: url.includes('2130706433') ? 'ENOTFOUND' : 'HostRefused',
      });
    },
  );

  it('reads an odd spelling of an address as the address', async () => {
    const policy = { cidrs: [], whenEmpty: 'Ordinary' } as const;
    await expect(dialer(policy).fetch('http://2130706433:1/')).rejects.toMatchObject({ reason: 'Loopback' });
    await expect(dialer(policy).fetch('http://0x7f.1:1/')).rejects.toMatchObject({ reason: 'Loopback' });
  });

  it('holds its bounds over a body that is read as it comes', async () => {
    const closed: Promise<unknown>[] = [];
    const { port } = await serve((request, response) => {
      closed.push(new Promise((resolve) => response.on('close', resolve)));
      response.write('x'.repeat(request.url === '/large' ? 2_000 : 10));
    });
    const url = `http://here.test:${port}`;
    const read = async (path: string, init: DialInit): Promise<number> => {
      const { body } = await dialer().open(`${url}${path}`, init);
      let size = 0;
      for await (const chunk of body) size += chunk.byteLength;
      return size;
    };
    await expect(read('/large', { maxBytes: 1_000 })).rejects.toMatchObject({ code: 'ResponseTooLarge' });
    await expect(read('/slow', { timeoutMs: 1_000 })).rejects.toMatchObject({ code: 'DialTimeout' });
    const enough = new AbortController();
    const { body } = await dialer().open(`${url}/slow`, { signal: enough.signal });
    enough.abort(new Error('enough'));
    await expect(Array.fromAsync(body)).rejects.toThrow('enough');
    // One that is never begun ends its connection too.
    const unread = await dialer().open(`${url}/slow`);
    await unread.body[Symbol.asyncIterator]().return?.();
    expect(await Promise.all(closed)).toHaveLength(4);
  });

  it.each(['ftp://here.test/', 'file:///etc/passwd', 'http://user:secret@here.test/', 'nonsense'])(
    'does not support %s',
    async (url) => {
      const error: unknown = await dialer()
        .fetch(url)
        .catch((one: unknown) => one);
      expect(error).toMatchObject({ code: 'UrlNotSupported' });
      expect(String(error)).not.toContain('secret');
    },
  );

  it('follows a redirect, checks it again, and keeps credentials from another origin', async () => {
    const target = await serve((_request, response) => response.end('there'));
    const { port, seen } = await serve((request, response) => {
      const to = request.url === '/out' ? 'http://meta.test/' : `http://here.test:${target.port}/`;
      response.writeHead(302, { location: request.url === '/same' ? '/away' : to }).end();
    });
    const headers = { authorization: 'Bearer x', 'x-api-key': 'k', accept: 'text/plain' };
    const answer = await dialer().fetch(`http://here.test:${port}/same`, { headers });
    expect(Buffer.from(answer.body).toString()).toBe('there');
    expect(seen.map((one) => one.headers.authorization)).toEqual(['Bearer x', 'Bearer x']);
    expect(target.seen[0]?.headers).toMatchObject({ accept: 'text/plain' });
    expect(target.seen[0]?.headers.authorization).toBeUndefined();
    expect(target.seen[0]?.headers['x-api-key']).toBeUndefined();
    await expect(dialer().fetch(`http://here.test:${port}/out`)).rejects.toMatchObject({ reason: 'Metadata' });
  });

  it('ends a ring of redirects, and leaves a redirect of a write to the caller', async () => {
    const { port, seen } = await serve((_request, response) => response.writeHead(307, { location: '/' }).end());
    const url = `http://127.0.0.1:${port}/`;
    await expect(dialer().fetch(url, { redirects: 3 })).rejects.toMatchObject({ code: 'TooManyRedirects' });
    expect(seen).toHaveLength(4);
    expect((await dialer().fetch(url, { redirects: 0 })).status).toBe(307);
    expect((await dialer().fetch(url, { method: 'POST', body: 'x' })).status).toBe(307);
    expect(seen).toHaveLength(6);
  });

  it('stops reading a body over the limit', async () => {
    const { port } = await serve((_request, response) => {
      const more = (error?: Error | null): void => {
        if (!error && !response.destroyed) response.write(Buffer.alloc(65_536), more);
      };
      more();
    });
    const url = `http://127.0.0.1:${port}/`;
    await expect(dialer().fetch(url, { maxBytes: 1_000_000 })).rejects.toMatchObject({ code: 'ResponseTooLarge' });
  });

  it('ends in time when no answer comes, when its body stalls, and when the caller gives up', async () => {
    const { port } = await serve((request, response) => {
      if (request.url === '/stall') response.write('some');
    });
    for (const path of ['none', 'stall']) {
      const url = `http://127.0.0.1:${port}/${path}`;
      await expect(dialer().fetch(url, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'DialTimeout' });
    }
    const impatient = new AbortController();
    const answer = dialer().fetch(`http://127.0.0.1:${port}/none`, { signal: impatient.signal });
    impatient.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });

  it('keeps the code of a connection that fails', async () => {
    const { port, server } = await serve((_request, response) => response.end());
    await closeServer(server);
    await expect(dialer().fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('reuses connections', async () => {
    const { port, seen } = await serve((_request, response) => response.end('x'));
    const one = dialer();
    for (let n = 0; n < 20; n++) await one.fetch(`http://here.test:${port}/`);
    // The pool may open a second one while the first is being given back.
    expect(new Set(seen.map((request) => request.socket.remotePort)).size).toBeLessThanOrEqual(2);
  });
});

describe('the ways for SDKs', () => {
  const refusing = { cidrs: ['10.0.0.0/8'] };

  it('lookup: pins names, one or all', async () => {
    const { port } = await serve((_request, response) => response.end());
    const socket = connect({ host: 'here.test', port, lookup: dialer().lookup });
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    const refused = connect({ host: 'meta.test', port, lookup: dialer().lookup });
    const error = await new Promise((resolve) => refused.once('error', resolve));
    expect(error).toBeInstanceOf(HostRefusedError);
  });

  it('agents: pin names and literal addresses, and send the name', async () => {
    const { port, seen } = await serve((_request, response) => response.end('ok'));
    const ask = (agent: ReturnType<typeof guardedAgents>, host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const request = get({ host, port, agent: agent.httpAgent }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode));
        });
        request.once('error', reject);
      });
    const agents = guardedAgents(dialer());
    expect(await ask(agents, 'here.test')).toBe(200);
    expect(await ask(agents, 'here.test')).toBe(200);
    expect(seen[0]?.headers.host).toBe(`here.test:${port}`);
    expect(new Set(seen.map((request) => request.socket.remotePort)).size).toBe(1);
    await expect(ask(guardedAgents(dialer(refusing)), '127.0.0.1')).rejects.toThrow(HostRefusedError);
    expect(seen).toHaveLength(2);
    agents.httpAgent.destroy();
  });

  it('sockets: pin names and literal addresses', async () => {
    const greeter = createTcpServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => greeter.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => greeter.close(resolve)));
    const { port } = greeter.address() as AddressInfo;
    const read = (socket: ReturnType<typeof guardedSocket>) =>
      new Promise((resolve) => socket.once('error', resolve).on('data', (data) => resolve(data.toString())));
    expect(await read(guardedSocket(dialer()).connect(port, 'here.test'))).toBe('hello');
    expect(await read(guardedSocket(dialer()).connect({ host: '127.0.0.1', port }))).toBe('hello');
    expect(await read(await connectSocket(dialer(), { host: 'here.test', port }, signal))).toBe('hello');
    expect(await read(guardedSocket(dialer(refusing)).connect(port, '127.0.0.1'))).toBeInstanceOf(HostRefusedError);
    await expect(connectSocket(dialer(refusing), { host: '127.0.0.1', port }, signal)).rejects.toThrow(
      HostRefusedError,
    );
    expect(() => guardedSocket(dialer()).connect('/var/run/docker.sock')).toThrow(TypeError);
  });

  it('fetch as SDKs know it', async () => {
    const { port, seen } = await serve((request, response) => {
      if (request.url === '/none') response.writeHead(204).end();
      else request.pipe(response.setHeader('content-type', 'application/json'));
    });
    const fetch = fetchVia(dialer());
    const answer = await fetch(`http://here.test:${port}/x`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'x-a': 'b' },
    });
    expect(await answer.json()).toEqual({ a: 1 });
    expect(seen[0]?.headers['x-a']).toBe('b');
    expect((await fetch(`http://here.test:${port}/none`)).status).toBe(204);
    await expect(fetch('http://meta.test/')).rejects.toThrow(HostRefusedError);
  });

  it('fetch of what is read as it comes', async () => {
    const turn = Promise.withResolvers<void>();
    const { port } = await serve((request, response) => {
      response.on('close', () => turn.resolve());
      if (request.url === '/none') response.writeHead(204).end();
      else response.write('first');
    });
    const fetch = streamVia(dialer(), { timeoutMs: 2_000 });
    const answer = await fetch(`http://here.test:${port}/`);
    const reader = answer.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first');
    await reader?.cancel();
    await turn.promise;
    expect((await fetch(`http://here.test:${port}/none`)).body).toBeNull();
    await expect(fetch('http://meta.test/')).rejects.toThrow(HostRefusedError);
  });

  it('git: pins the address for curl', async () => {
    const rest = ['-c', 'http.followRedirects=false', '-c', 'http.proxy='];
    expect(await gitResolveArgs(dialer(), 'https://here.test/acme/x.git', signal)).toEqual([
      '-c',
      'http.curloptResolve=here.test:443:127.0.0.1',
      ...rest,
    ]);
    expect(await gitResolveArgs(dialer(), 'http://127.0.0.1:8080/x.git', signal)).toEqual(rest);
    await expect(gitResolveArgs(dialer(), 'https://meta.test/x.git', signal)).rejects.toThrow(HostRefusedError);
    await expect(gitResolveArgs(dialer(), 'ssh://here.test/x.git', signal)).rejects.toThrow(TypeError);
  });
});
