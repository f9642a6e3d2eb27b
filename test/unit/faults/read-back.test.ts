import { describe, expect, it } from 'vitest';
import type { DebugSession, ServiceTopology } from '../../../controller/api/kinds.ts';
import { parseConfig } from '../../../controller/config/load.ts';
import { digestOf } from '../../../controller/evidence/canonical.ts';
import type { Diagnosis } from '../../../controller/reasoning/reasoner.ts';
import { diagnosisStatus } from '../../../controller/session/diagnosis-status.ts';
import type { Status } from '../../../controller/session/transition.ts';
import { recordingFrom, type RecordedUnder } from '../../faults/read-back.ts';
import { watchDiagnoses, type SeenDiagnosis } from '../../faults/watch-diagnoses.ts';
import { otherNames } from '../../lab/world/names.ts';
import { answered, database, lockedRow, predictionSeconds, question } from './made-up.ts';

const { gateway, payments, settlement, queue, nodes } = otherNames;
const signal = new AbortController().signal;
const action = 'postgres.terminate-backend';
const metadata = { namespace: 'shop', uid: 'uid', resourceVersion: '1', generation: 1, creationTimestamp: '' };
const apiVersion = 'threehops.dev/v1alpha1';

function session(status: Status): DebugSession {
  const spec: DebugSession['spec'] = {
    topologyRef: { name: gateway },
    mode: 'Fix',
    reasoner: 'Causal',
    suspend: false,
    cancel: false,
    grantIterations: 0,
  };
  return { apiVersion, kind: 'DebugSession', metadata: { ...metadata, name: 'three-hops' }, spec, status };
}

function map(service: string, spec: Partial<ServiceTopology['spec']>): ServiceTopology {
  const environment = { name: 'staging', tier: 'Staging' } as const;
  const whole = { service, environment, ...spec };
  return { apiVersion, kind: 'ServiceTopology', metadata: { ...metadata, name: service }, spec: whole };
}

const view = { name: payments, type: 'http', skill: 'http-health', topologyRef: { name: payments } };
const work = { name: queue, type: 'queue', skill: 'aws-sqs', with: { queueName: queue } };
const store = { name: nodes.ledger, type: 'db', skill: 'postgres', with: { host: 'localhost', database: 'store' } };
const maps = [
  map(gateway, { downstream: [view] }),
  map(payments, { downstream: [{ ...work, topologyRef: { name: settlement } }] }),
  map(settlement, {
    upstream: [work],
    downstream: [store],
    policy: { actions: [action], maxIterations: 4, reportPath: 'docs/' },
  }),
];

function under(changes: Partial<RecordedUnder> = {}): RecordedUnder {
  const bundle = lockedRow();
  const { allow } = parseConfig(JSON.stringify({ allow: { awsAccounts: ['1'.repeat(12)], namespaces: ['shop'] } }));
  const kept = new Map([[digestOf(bundle), bundle]]);
  const evidence = { load: async (_session: unknown, digest: string) => kept.get(digest) };
  return { fault: 'three-hops', predictionSeconds, allow, maps, evidence, bundles: new Set(kept.keys()), ...changes };
}

async function seen(diagnosis?: Diagnosis): Promise<readonly SeenDiagnosis[]> {
  const { tell, seen: all } = watchDiagnoses();
  const sweep = { bundleDigest: digestOf(lockedRow()) };
  const tellState = (status: Status): void => tell({ kind: 'Session', session: session(status) });
  tellState({ phase: 'Sweeping' });
  tellState({ phase: 'Diagnosing', sweep });
  const given = { ...diagnosisStatus(diagnosis ?? (await answered()).diagnosis), contentDigest: 'a'.repeat(64) };
  tellState({ phase: 'Planning', sweep, diagnosis: given });
  tellState({ phase: 'Acting', sweep, diagnosis: given });
  return all;
}

describe('what a session’s states tell of its diagnoses', () => {
  const first = { bundleDigest: 'one' };
  const second = { bundleDigest: 'two' };
  const diagnosed = async (digest: string) =>
    diagnosisStatus({ ...(await answered()).diagnosis, bundleDigest: digest });

  async function watched(...states: readonly Status[]): Promise<readonly (readonly (string | number | undefined)[])[]> {
    const watch = watchDiagnoses();
    for (const status of states) watch.tell({ kind: 'Session', session: session(status) });
    return watch.seen.map(({ session: { status }, diagnosis }) => [
      status?.sweep?.bundleDigest,
      diagnosis?.bundleDigest,
      status?.history?.length,
    ]);
  }

  it('each is seen once, as it stood before it was made, however often its state is told', async () => {
    const diagnosis = await diagnosed('one');
    const history = [{ iteration: 1, diagnosis: '', action: '', result: 'pending' }];
    const states: readonly Status[] = [
      { phase: 'Diagnosing', sweep: first },
      { phase: 'Diagnosing', sweep: first },
      { phase: 'Planning', sweep: first, diagnosis },
      { phase: 'Acting', sweep: first, diagnosis, history },
      { phase: 'Diagnosing', sweep: second, diagnosis, history },
      { phase: 'Succeeded', sweep: second, diagnosis: await diagnosed('two'), history },
    ];
    expect(await watched(...states)).toEqual([
      ['one', 'one', undefined],
      ['two', 'two', 1],
    ]);
  });

  it('one that was refused leaves no diagnosis, whatever the status still has of an earlier one', async () => {
    const diagnosis = await diagnosed('one');
    const states: readonly Status[] = [
      { phase: 'Diagnosing', sweep: second, diagnosis },
      { phase: 'Escalated', sweep: second, diagnosis },
    ];
    expect(await watched(...states)).toEqual([['two', undefined, undefined]]);
  });
});

describe('a recording', () => {
  it('holds what the reasoner was given: evidence, memory, and what is allowed where', async () => {
    const { diagnoses, ...rest } = await recordingFrom(await seen(), under(), signal);
    expect(rest).toEqual({ formatVersion: 1, fault: 'three-hops', predictionSeconds });
    const [{ allowed, ...one } = await answered()] = diagnoses;
    const { allowed: _, ...wanted } = await answered();
    expect(one).toEqual(wanted);
    expect(allowed[action]).toContain(database);
    expect(Object.values(allowed).flat()).not.toContain(gateway);
  });

  it('is refused when the diagnosis is not made again as the operator gave it', async () => {
    const { diagnosis } = await answered(question(), { chain: ['another'] });
    await expect(recordingFrom(await seen(diagnosis), under(), signal)).rejects.toThrow('another one');
  });

  it('is refused when a diagnosis was refused, or passed unseen', async () => {
    const refused = (await seen()).map(({ session: before }) => ({ session: before }));
    await expect(recordingFrom(refused, under(), signal)).rejects.toThrow('refused');
    const bundles = new Set(['another']);
    await expect(recordingFrom(await seen(), under({ bundles }), signal)).rejects.toThrow('unseen');
  });

  it('has nothing allowed where the operator may not act', async () => {
    const { allow } = parseConfig('{}');
    await expect(recordingFrom(await seen(), under({ allow }), signal)).rejects.toThrow('another one');
  });
});
