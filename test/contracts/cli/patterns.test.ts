import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeApiServer } from '../../helpers/fake-api-server.ts';
import { caused, daysAgo, ended } from '../../unit/cli/patterns/sessions.ts';
import { runBin } from './bin.ts';

const folder = mkdtempSync(join(tmpdir(), 'threehops-patterns-'));
const kubeconfig = join(folder, 'kubeconfig');
const cause = ['shop/run', 'compute.MemoryTooLow'] as const;
const sessions = [
  ended('one', 3, caused(cause, { 'compute.resize shop memory:increase': 'Kept' })),
  ended('two', 2, caused(cause, { 'compute.restart shop': 'RolledBack' })),
  ended('other', 1, caused(['depot/db', 'store.Blocked']), { namespace: 'others' }),
];
let server: FakeApiServer;

beforeAll(async () => {
  server = await FakeApiServer.start();
  const collection = 'apis/threehops.dev/v1alpha1/debugsessions';
  for (const session of sessions) {
    const { status, ...rest } = session;
    const made = server.store.create(collection, rest.metadata.namespace, JSON.parse(JSON.stringify(rest)));
    server.store.update(collection, { ...made, status }, 'status');
  }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'fake', user: 'me', namespace: 'team' } }],
    clusters: [{ name: 'fake', cluster: { server: server.url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user: {} }],
  };
  writeFileSync(kubeconfig, dump(config));
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the sessions of the context’s namespace are shown within 80 columns', async () => {
  const { code, stdout, stderr } = await runBin(['patterns', '--kubeconfig', kubeconfig]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^2 sessions have ended\.$/m);
  expect(stdout).toMatch(/^compute\.MemoryTooLow {3}shop\/run {3}2 /m);
  expect(stdout).not.toContain('store.Blocked');
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('those of all namespaces are JSON for programs, and the same from a file', async () => {
  const file = join(folder, 'sessions.json');
  writeFileSync(file, JSON.stringify({ kind: 'List', items: sessions }));
  const [cluster, offline] = await Promise.all([
    runBin(['patterns', '-A', '-o', 'json', '--kubeconfig', kubeconfig]),
    runBin(['patterns', file, '-o', 'json']),
  ]);
  expect(JSON.parse(cluster.stdout)).toMatchObject({ sessions: 3, causes: [{ sessions: 2, last: daysAgo(2) }, {}] });
  expect(offline).toEqual(cluster);
});

test('what cannot be read is said in a line, and wrong arguments have an exit code of their own', async () => {
  const gone = await runBin(['patterns', '--kubeconfig', join(folder, 'none')]);
  expect(gone).toMatchObject({ code: 1, stdout: '' });
  expect(gone.stderr).toMatch(/^threehops: .*none.*\n$/);
  expect(await runBin(['patterns', '--since', 'ever'])).toMatchObject({ code: 2, stdout: '' });
});
