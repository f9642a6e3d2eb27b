import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseConfig } from '../../../controller/config/load.ts';
import { KubeClient } from '../../../controller/kube/client.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { noMetrics } from '../../../controller/kube/observe.ts';
import { checkRunnerOf, removeLeftovers } from '../../../controller/wiring/check-runner.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { FakeApiServer } from '../../helpers/fake-api-server.ts';
import { forever, RecordingLog } from '../../helpers/kube-things.ts';

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

const jobConfig = parseConfig('sandbox: {kind: Job, job: {image: checks}}');
const partsOf = (config = jobConfig) => ({ config, client, clock: systemClock, metrics: noMetrics });

test('the configuration says where checks run', async () => {
  expect(await checkRunnerOf(partsOf(), openDialer).available(forever)).toMatchObject({ obstacle: 'NoNamespace' });
  const here = parseConfig('sandbox: {bubblewrap: /nowhere/bwrap, job: {image: checks}}');
  expect(await checkRunnerOf(partsOf(here), openDialer).available(forever)).toMatchObject({
    obstacle: expect.stringMatching(/^(NoBubblewrap|NotLinux)$/),
  });
});

test.each([
  [
    'where it is told',
    '10.0.0.7',
    /no NetworkPolicy of threehops-sandbox .* port 8095 .*: apply manifests\/sandbox\/hosts/,
  ],
  ['where it is not', '', /is not told the address of its Pod \(POD_IP\)/],
  ['where that is no address', 'operator.example.com', /is not told the address of its Pod \(POD_IP\)/],
])('hosts that checks in Jobs may reach need the address of the operator’s Pod: %s', async (_, address, reason) => {
  vi.stubEnv('POD_IP', address);
  const hosted = parseConfig('sandbox: {kind: Job, hosts: [packages.test], job: {image: checks}}');
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  server.store.create('api/v1/namespaces', undefined, { metadata: { name: 'threehops-sandbox', labels } } as never);
  const metadata = { name: 'deny-all', namespace: 'threehops-sandbox' };
  const deny = { metadata, spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } };
  server.store.create('apis/networking.k8s.io/v1/networkpolicies', 'threehops-sandbox', deny as never);
  const runner = checkRunnerOf(partsOf(hosted), openDialer);
  const found = await runner.available(forever);
  expect(found).toMatchObject({ obstacle: 'NoWayToHosts', reason: expect.stringMatching(reason) });
  expect(await checkRunnerOf(partsOf(), openDialer).available(forever)).toBeUndefined();
  await runner.close();
  vi.unstubAllEnvs();
});

const labelled = (operator: string) => ({ 'threehops.dev/operator': operator });
const jobsLeft = () =>
  server.store.list('apis/batch/v1/jobs', 'threehops-sandbox').map(({ metadata }) => metadata.name);

test('Jobs of a former life are deleted, those of the operator with this lead alone', async () => {
  const selectors: (string | null)[] = [];
  server.interfere = ({ method, path, query }) => {
    if (method === 'GET' && path.endsWith('/jobs')) selectors.push(query.get('labelSelector'));
    return undefined;
  };
  const metadata = {
    name: 'checks-old',
    namespace: 'threehops-sandbox',
    labels: labelled('threehops-system.threehops'),
  };
  server.store.create('apis/batch/v1/jobs', 'threehops-sandbox', { metadata } as never);
  const log = new RecordingLog();
  await removeLeftovers({ ...partsOf(), log }, forever);
  expect(selectors).toEqual(['threehops.dev/operator=threehops-system.threehops']);
  expect(jobsLeft()).toEqual([]);
  const long = parseConfig(`sandbox: {kind: Job, job: {image: checks}}\nleaderElection: {name: ${'n'.repeat(63)}}`);
  await removeLeftovers({ ...partsOf(long), log }, forever);
  expect(selectors[1]).toMatch(/^threehops\.dev\/operator=[0-9a-f]{32}$/);
});

test('what cannot be deleted does not keep the operator from its work, and without Jobs nothing is asked', async () => {
  server.interfere = () => ({ status: 403, body: { kind: 'Status', reason: 'Forbidden', message: 'no' } });
  const log = new RecordingLog();
  await removeLeftovers({ ...partsOf(), log }, forever);
  expect(JSON.stringify(log)).toContain('cannot be deleted');
  const before = server.seen.length;
  await removeLeftovers({ ...partsOf(parseConfig('{}')), log }, forever);
  expect(server.seen).toHaveLength(before);
});
