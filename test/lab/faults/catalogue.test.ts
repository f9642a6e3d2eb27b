import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedFaults } from '../../faults/recorded-faults.ts';
import type { Lab } from '../world/lab.ts';
import type { ServiceRole } from '../world/names.ts';
import { catalogOf } from './catalog.ts';
import { faultNamed } from './catalogue.ts';
import { edited, mainFile } from './edit.ts';
import { judgementOf } from './fault.ts';
import { quotaName } from './k8s-quota.ts';
import { openFaultWorld, type FaultWorld } from './fault-world.ts';

type Repair = (lab: Lab) => Promise<unknown>;

const definitionFile = 'deploy/task-definition.json';
const settingsFile = (lab: Lab): string => `config/${lab.names.settingsFile}`;

/** What a person would do who knows the cause. small-memory has a test of its own. */
const repairs: Readonly<Record<string, Repair>> = {
  'leaky-release': (lab) => goBack(lab, 'payments', [settingsFile(lab), `src/${lab.names.mainFile}`]),
  'three-hops': (lab) =>
    lab.postgres.sql(
      lab.names.ledger,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'month-end-close'",
    ),
  'bad-env': (lab) => goBack(lab, 'payments', [definitionFile]),
  'red-pipeline': (lab) => goBack(lab, 'payments', [settingsFile(lab)]),
  'cannot-fix': (lab) => lab.cache(['CONFIG', 'SET', 'maxmemory', '0']),
  'k8s-image-missing': (lab) => catalogOf(lab).deploy({}),
  'k8s-out-of-memory': (lab) => catalogOf(lab).deploy({}),
  'k8s-wrong-env': (lab) => catalogOf(lab).deploy({}),
  'k8s-quota': (lab) => {
    const { cluster, namespace } = catalogOf(lab);
    return cluster.access.kubectl(['delete', 'resourcequota', quotaName, '--namespace', namespace]);
  },
  'article-history': async (lab) => {
    const settings = await lab.readFile('payments', settingsFile(lab));
    const fitting = settings.replace(/("size": )\d+/, '$1100').replace(/("poolSize": )\d+/, '$110');
    await lab.commit('payments', {
      message: 'Smaller batches, fewer connections',
      files: { [settingsFile(lab)]: fitting },
    });
  },
  'dns-name-wrong': (lab) => goBack(lab, 'payments', [definitionFile]),
  'wrong-health-check-path': (lab) => goBack(lab, 'payments', [definitionFile]),
  'takes-turns': (lab) => goBack(lab, 'payments', [mainFile(lab)]),
  'sends-nothing': (lab) => goBack(lab, 'notification', [mainFile(lab)]),
  'settles-nothing': (lab) => goBack(lab, 'settlement', [mainFile(lab)]),
  'expired-certificate': (lab) => Promise.resolve(lab.carrier?.certify(thisWeek())),
  'maintenance-page': (lab) => Promise.resolve(lab.carrier?.answer({ body: '{"accepted":true}' })),
  'slow-carrier': (lab) => Promise.resolve(lab.carrier?.answer({ body: '{"accepted":true}' })),
  'image-tag-missing': async (lab) => {
    const taskDefinition = `${lab.names.payments}:1`;
    const service = { cluster: lab.names.cluster, service: lab.names.payments };
    await lab.ecsClient.send(new UpdateServiceCommand({ ...service, taskDefinition }));
  },
  'latent-bug': (lab) => edit(lab, 'payments', 'src/database.js', '2147483647', 'Infinity'),
  'not-a-number': (lab) => edit(lab, 'payments', 'src/database.js', 'amount <= most', 'amount > 0'),
  'balance-outgrows': (lab) => edit(lab, 'settlement', 'src/post.js', 'balance::int', 'balance'),
  'frontend-broken-script': (lab) => goBack(lab, 'frontend', ['public/checkout.js']),
  'frontend-wrong-api-path': (lab) => goBack(lab, 'frontend', ['public/checkout.js']),
  'frontend-asset-missing': (lab) => goBack(lab, 'frontend', ['public/index.html']),
};

function thisWeek(): { notBefore: Date; notAfter: Date } {
  const day = 86_400_000;
  return { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 6 * day) };
}

/** The edit that the fault's own recipe is for. */
async function edit(lab: Lab, role: ServiceRole, path: string, from: string, to: string): Promise<void> {
  const text = await edited(lab, role, path, [[from, to]]);
  const { conclusion } = await lab.commit(role, { message: 'Mend the line', files: { [path]: text } });
  expect(conclusion).toBe('success');
}

/** The files as they were before the last commit, pushed to main and deployed. */
async function goBack(lab: Lab, role: ServiceRole, paths: readonly string[]): Promise<void> {
  const before = await Promise.all(
    paths.map(async (path) => [path, await lab.readFile(role, path, 'main~1')] as const),
  );
  const { conclusion } = await lab.commit(role, { message: 'Go back', files: Object.fromEntries(before) });
  expect(conclusion).toBe('success');
}

/** As in the suite of whole sessions. */
const tried = Object.keys(repairs).filter((name) => recordedFaults.some((fault) => fault.name === name));

test('every fault that breaks something and has been recorded is tried here or in a file of its own', () => {
  const broken = recordedFaults.filter(({ expected }) => expected.outcome !== 'NoFaultFound').map(({ name }) => name);
  expect([...tried, 'small-memory'].toSorted()).toEqual(broken.toSorted());
});

describe.each(tried)('%s', (name) => {
  const fault = faultNamed(name);
  const healed = async (): Promise<boolean> => judgementOf(await fault.healed(world.lab)).healed;
  let world: FaultWorld;
  beforeAll(async () => {
    world = await openFaultWorld(fault);
  });
  afterAll(() => world.close());

  test('injected, users suffer and the judge says so', async () => {
    await fault.inject(world.lab);
    expect(await healed()).toBe(false);
  });

  test('mended by hand, users are served and the judge says so', async () => {
    await repairs[name]?.(world.lab);
    await world.lab.until('the world to have recovered', healed, 60_000);
    // One good look may be the pause between two failures.
    expect(await healed()).toBe(true);
  });
});
