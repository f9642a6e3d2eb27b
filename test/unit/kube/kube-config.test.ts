import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { dump } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  contextNamespace,
  inClusterConfig,
  loadKubeConfig,
  plainConfig,
} from '../../../controller/kube/kube-config.ts';
import { PlainAccess } from '../../../controller/kube/plain-access.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threehops-kubeconfig-'));
  for (const name of ['ca.crt', 'me.crt', 'me.key']) writeFileSync(join(folder, name), `${name} from a file`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const data = (text: string): string => Buffer.from(text).toString('base64');
const server = 'https://127.0.0.1:6443';

function fileWith(cluster: object, user: object, context: object = {}): string {
  const file = join(folder, 'kubeconfig');
  const config = {
    'current-context': 'here',
    contexts: [
      { name: 'elsewhere', context: { cluster: 'other', user: 'other' } },
      { name: 'here', context: { cluster: 'one', user: 'me', ...context } },
    ],
    clusters: [
      { name: 'other', cluster: { server: 'https://other' } },
      { name: 'one', cluster },
    ],
    users: [
      { name: 'other', user: {} },
      { name: 'me', user },
    ],
  };
  writeFileSync(file, dump(config));
  return file;
}

async function optionsOf(access: { applyToHTTPSOptions(options: RequestOptions): Promise<void> }) {
  const options: RequestOptions = {};
  await access.applyToHTTPSOptions(options);
  const { ca, cert, key, servername, rejectUnauthorized, headers = {} } = options;
  const text = (value: unknown): unknown => (Buffer.isBuffer(value) ? value.toString() : value);
  return { ca: text(ca), cert: text(cert), key: text(key), servername, rejectUnauthorized, headers };
}

const plain: readonly (readonly [string, object, object])[] = [
  ['a certificate', { server, 'certificate-authority-data': data('ca') }, certificate()],
  ['a token', { server: `${server}/`, 'certificate-authority-data': data('ca') }, { token: 'abc' }],
  [
    'files beside it',
    { server, 'certificate-authority': 'ca.crt' },
    { 'client-certificate': 'me.crt', 'client-key': 'me.key' },
  ],
  ['another name of the server', { server, 'tls-server-name': 'api' }, { token: 'abc' }],
  ['no check of the server', { server, 'insecure-skip-tls-verify': true }, { token: 'abc' }],
  ['nobody', { server }, {}],
];

function certificate(): object {
  return { 'client-certificate-data': data('certificate'), 'client-key-data': data('key') };
}

describe('a kubeconfig of certificates and tokens', () => {
  it.each(plain)('is read as client-node reads it: %s', async (_title, cluster, user) => {
    const file = fileWith(cluster, user);
    const theirs = new KubeConfig();
    theirs.loadFromFile(file);
    const ours = await loadKubeConfig(file);
    expect(ours).toBeInstanceOf(PlainAccess);
    expect(ours.getCurrentCluster()?.server).toBe(theirs.getCurrentCluster()?.server);
    expect(await optionsOf(ours)).toEqual(await optionsOf(theirs));
  });

  it('is read from its files again each time', async () => {
    const access = await loadKubeConfig(fileWith({ server, 'certificate-authority': 'ca.crt' }, { token: 'abc' }));
    expect((await optionsOf(access)).ca).toBe('ca.crt from a file');
    writeFileSync(join(folder, 'ca.crt'), 'rotated');
    expect((await optionsOf(access)).ca).toBe('rotated');
    writeFileSync(join(folder, 'ca.crt'), 'ca.crt from a file');
  });
});

const others: readonly (readonly [string, object, object])[] = [
  ['a program', { server }, { exec: { command: 'aws' } }],
  ['a provider', { server }, { 'auth-provider': { name: 'oidc' } }],
  ['a password', { server }, { username: 'me', password: 'x' }],
  ['somebody else', { server }, { token: 'abc', as: 'somebody' }],
  ['a proxy', { server, 'proxy-url': 'http://proxy' }, { token: 'abc' }],
  ['plain HTTP', { server: 'http://127.0.0.1:8080' }, {}],
];

describe('a kubeconfig with more to it', () => {
  it.each(others)('is left to client-node: %s', async (_title, cluster, user) => {
    expect(await loadKubeConfig(fileWith(cluster, user))).toBeInstanceOf(KubeConfig);
  });

  it.each(['{}', 'current-context: gone', '[]', 'users: {}'])('is no plain one when it names nothing: %j', (text) => {
    expect(plainConfig(text, folder)).toBeUndefined();
  });
});

describe('in a cluster', () => {
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };

  it("the ServiceAccount's credentials serve, its token read again each time", async () => {
    writeFileSync(join(folder, 'token'), 'first\n');
    const config = inClusterConfig({ env, home: folder, folder });
    expect(config?.server).toBe('https://[fd00::1]:443');
    const access = new PlainAccess(config ?? { server: '' });
    expect(await optionsOf(access)).toMatchObject({
      ca: 'ca.crt from a file',
      headers: { Authorization: 'Bearer first' },
    });
    writeFileSync(join(folder, 'token'), 'second\n');
    expect((await optionsOf(access)).headers).toEqual({ Authorization: 'Bearer second' });
  });

  it('a kubeconfig counts first', () => {
    expect(inClusterConfig({ env: { ...env, KUBECONFIG: 'x' }, home: folder, folder })).toBeUndefined();
    mkdirSync(join(folder, '.kube'));
    writeFileSync(join(folder, '.kube', 'config'), '');
    expect(inClusterConfig({ env, home: folder, folder })).toBeUndefined();
    expect(inClusterConfig({ env: {}, home: '/nowhere', folder })).toBeUndefined();
  });
});

describe('the namespace of a context', () => {
  it('is the one that it names, else default', async () => {
    expect(await contextNamespace(fileWith({ server }, {}, { namespace: 'team' }))).toBe('team');
    expect(await contextNamespace(fileWith({ server }, {}))).toBe('default');
  });
});
