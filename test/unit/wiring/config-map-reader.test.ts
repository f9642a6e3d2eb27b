import { afterEach, beforeEach, expect, test } from 'vitest';
import { KubeClient } from '../../../controller/kube/client.ts';
import { configMapReader } from '../../../controller/wiring/config-map-reader.ts';
import { FakeApiServer } from '../../helpers/fake-api-server.ts';

const signal = new AbortController().signal;
let server: FakeApiServer;
let client: KubeClient;
beforeEach(async () => {
  server = await FakeApiServer.start();
  client = new KubeClient(server.kubeConfig());
});
afterEach(async () => {
  await client.close();
  await server.stop();
});

test('a ConfigMap is read by its name, and nothing is listed', async () => {
  const metadata = { name: 'runbooks', namespace: 'team' };
  server.store.create('api/v1/configmaps', 'team', JSON.parse(JSON.stringify({ metadata, data: { 'a.md': 'text' } })));
  const documents = configMapReader(client);
  expect(await documents.configMap('team', 'runbooks', signal)).toEqual({ 'a.md': 'text' });
  expect(await documents.configMap('team', 'gone', signal)).toBeUndefined();
  expect(await documents.configMap('others', 'runbooks', signal)).toBeUndefined();
  expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /api/v1/namespaces/team/configmaps/runbooks',
    'GET /api/v1/namespaces/team/configmaps/gone',
    'GET /api/v1/namespaces/others/configmaps/runbooks',
  ]);
});

test('one that may not be read is an error', async () => {
  server.interfere = () => ({ status: 403, body: { kind: 'Status', reason: 'Forbidden', code: 403, message: 'no' } });
  await expect(configMapReader(client).configMap('team', 'runbooks', signal)).rejects.toThrow('no');
});
