import { PurgeQueueCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lab } from '../world/lab.ts';
import { catalogOf } from './catalog.ts';
import { faultNamed, faults } from './catalogue.ts';
import { judgementOf } from './fault.ts';
import { quotaName } from './k8s-quota.ts';
import { openFaultWorld, type FaultWorld } from './fault-world.ts';

type Repair = (lab: Lab) => Promise<unknown>;

/** What a person would do who knows the cause. */
const repairs: Readonly<Record<string, Repair>> = {
  'cannot-fix': (lab) => lab.cache(['CONFIG', 'SET', 'maxmemory', '0']),
  // What is delayed already stays so.
  'delivery-delayed': async ({ sqs, queueUrl: QueueUrl }) => {
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '0' } }));
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  },
  'expired-certificate': (lab) => Promise.resolve(lab.carrier?.certify(thisWeek())),
  'k8s-quota': (lab) => {
    const { cluster, namespace } = catalogOf(lab);
    return cluster.access.kubectl(['delete', 'resourcequota', quotaName, '--namespace', namespace]);
  },
  'maintenance-page': (lab) => Promise.resolve(lab.carrier?.answer({ body: '{"accepted":true}' })),
  'schema-drift': ({ postgres, names }) =>
    postgres.sql(
      names.database,
      `ALTER TABLE ${names.tablePayments} ADD COLUMN reference text; CREATE INDEX ON ${names.tablePayments} (reference)`,
    ),
  'slow-carrier': (lab) => Promise.resolve(lab.carrier?.answer({ body: '{"accepted":true}' })),
};

function thisWeek(): { notBefore: Date; notAfter: Date } {
  const day = 86_400_000;
  return { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 6 * day) };
}

/** Whether what a session repaired works is judged in the suite of whole sessions: here is what they leave to people. */
const left = faults.filter(({ expected }) => !['Fixed', 'NoFaultFound'].includes(expected.outcome));
const tried = left.map(({ name }) => name);

test('every fault that no session repairs can be repaired', () => {
  expect(tried.toSorted()).toEqual(Object.keys(repairs).toSorted());
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
