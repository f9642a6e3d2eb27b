import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evidenceResource } from '../../../controller/api/generated/evidence.ts';
import type { DebugSession, Evidence, ServiceTopology } from '../../../controller/api/kinds.ts';
import { resolveGraph } from '../../../controller/topology/resolve.ts';
import { skills } from '../../../skills/catalogue.ts';
import {
  approvalsOf,
  forever,
  install,
  mapsOf,
  question,
  refusal,
  sessionDraft,
  sessionsOf,
  type Installed,
} from './installed.ts';

const goldens = join(import.meta.dirname, 'goldens');

/** Compares with what a reviewer has seen; UPDATE_GOLDENS=1 writes what is. */
function expectGolden(name: string, text: string): void {
  const file = join(goldens, name);
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

describe('the kinds as people meet them', () => {
  let on: Installed;
  beforeAll(async () => {
    on = await install('kinds');
  });
  afterAll(() => on.close());

  const kubectl = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await on.cluster.kubectl([...args, '-n', on.namespace]);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  };

  test('explain tells what every field of the history is', async () => {
    const text = await kubectl('explain', 'dbg.status.history');
    expectGolden('explain-history.txt', text);
  });

  test('no field of any kind is without a description', async () => {
    for (const kind of ['topo', 'dbg', 'appr', 'evid', 'tools', 'skills']) {
      const text = await kubectl('explain', kind, '--recursive');
      expect(text).not.toContain('<empty>');
      for (const part of ['spec', 'status']) {
        if (kind === 'evid' && part === 'status') continue;
        expect(await kubectl('explain', `${kind}.${part}`)).not.toContain('<empty>');
      }
    }
  });

  test('get topo,dbg,appr tells the story in columns', async () => {
    const map = await mapsOf(on.dana).create(
      {
        metadata: { name: 'payments-api', namespace: on.namespace },
        spec: { service: 'payments-api', environment: { name: 'staging', tier: 'Staging' } },
      },
      forever,
    );
    await mapsOf(on.operator).replaceStatus(
      { ...map, status: { nodeCount: 7, conditions: [ready('True', 'Resolved')] } },
      forever,
    );
    const session = await sessionsOf(on.dana).create(
      sessionDraft(on.namespace, 'slow', { topologyRef: { name: 'payments-api' } }),
      forever,
    );
    const status: NonNullable<DebugSession['status']> = {
      phase: 'Succeeded',
      iteration: 2,
      outcome: 'Fixed',
      diagnosis: { rootCause: { node: 'payments-api/ecs', kind: 'aws-ecs.OutOfMemory' } },
      pullRequest: { url: 'https://forge.example/acme/payments-api/pull/7' },
      conditions: [ready('True', 'Fixed')],
    };
    await sessionsOf(on.operator).replaceStatus({ ...session, status }, forever);
    const asked = await approvalsOf(on.operator).create(
      question(on.namespace, 'slow-1-riskyaction', { expiresAt: '2099-01-01T12:00:00Z' }),
      forever,
    );
    await approvalsOf(on.operator).replaceStatus({ ...asked, status: { state: 'Open' } }, forever);
    const text = await kubectl('get', 'topo,dbg,appr');
    expectGolden('columns.txt', text.replaceAll(/\d+s *$/gm, 'AGE'));
  });

  test('they are found by category and by what may be selected', async () => {
    await sessionsOf(on.dana).create(
      sessionDraft(on.namespace, 'selected', { topologyRef: { name: 'selected' } }),
      forever,
    );
    const names = await kubectl('get', 'dbg', '--field-selector', 'spec.topologyRef.name=selected', '-o', 'name');
    expect(names.trim()).toBe('debugsession.threehops.dev/selected');
    expect(await kubectl('get', 'threehops', '-o', 'name')).toContain('debugsession.threehops.dev/selected');
  });

  test('wait --for=condition=Ready ends when a session succeeds', async () => {
    const session = await sessionsOf(on.dana).create(sessionDraft(on.namespace, 'waited'), forever);
    const waiting = kubectl('wait', '--for=condition=Ready', 'dbg/waited', '--timeout=30s');
    await sessionsOf(on.operator).replaceStatus(
      { ...session, status: { phase: 'Succeeded', conditions: [ready('True', 'Fixed')] } },
      forever,
    );
    expect(await waiting).toContain('condition met');
  });

  test.each([
    ['topologyRef', { topologyRef: { name: 'another' } }, 'topologyRef is immutable'],
    ['symptom', { symptom: { description: 'another' } }, 'symptom is immutable'],
    ['symptom, taken away', { symptom: undefined }, 'symptom is immutable'],
    ['mode', { mode: 'Fix' }, 'mode and reasoner are immutable'],
    ['reasoner', { reasoner: 'Claude' }, 'mode and reasoner are immutable'],
    ['limits', { limits: { iterations: 9 } }, 'limits are immutable'],
    ['limits, taken away', { limits: undefined }, 'limits are immutable'],
    ['trigger', { trigger: { type: 'Manual' } }, 'trigger is immutable'],
    ['createdBy, taken away', { createdBy: undefined }, 'createdBy is immutable'],
  ] as const)('of a session the %s never changes', async (what, change, said) => {
    const name = `immutable-${what.replaceAll(/[^a-z]+/gi, '-').toLowerCase()}`;
    const symptom = { description: 'slow' };
    const session = await sessionsOf(on.dana).create(
      sessionDraft(on.namespace, name, { symptom, limits: { iterations: 2 } }),
      forever,
    );
    const spec = { ...session.spec, ...change } as DebugSession['spec'];
    const answer = await refusal(sessionsOf(on.dana).replace({ ...session, spec }, forever));
    expect(answer).toMatchObject({ status: 422, message: expect.stringContaining(said) });
  });

  test('suspend goes on and off, cancel only on, and granted iterations only grow', async () => {
    const key = { namespace: on.namespace, name: 'changed' };
    await sessionsOf(on.dana).create(sessionDraft(on.namespace, key.name, {}), forever);
    const change = (spec: object, who = on.dana) =>
      sessionsOf(who).patch(key, { type: 'merge', body: { spec } }, forever);
    for (const suspend of [true, false]) expect((await change({ suspend })).spec.suspend).toBe(suspend);
    expect((await change({ cancel: true })).spec.cancel).toBe(true);
    expect(await refusal(change({ cancel: false }))).toMatchObject({
      status: 422,
      message: expect.stringContaining('a cancelled session stays cancelled'),
    });
    await change({ grantIterations: 2 }, on.riley);
    expect(await refusal(change({ grantIterations: 1 }, on.riley))).toMatchObject({
      status: 422,
      message: expect.stringContaining('grantIterations only grows'),
    });
  });

  test('evidence is immutable', async () => {
    const api = on.operator.client.resource<Evidence>(evidenceResource);
    const evidence = await api.create(
      {
        metadata: { name: 'chunk', namespace: on.namespace },
        spec: {
          sessionName: 'session',
          sessionUID: 'uid',
          iteration: 1,
          content: 'Bundle',
          digest: 'a'.repeat(64),
          chunk: 0,
          chunks: 1,
          data: 'AAAA',
        },
      },
      forever,
    );
    const forged = { ...evidence, spec: { ...evidence.spec, data: 'BBBB' } };
    const answer = await refusal(on.admin.client.resource<Evidence>(evidenceResource).replace(forged, forever));
    expect(answer).toMatchObject({ status: 422, message: expect.stringContaining('evidence is immutable') });
  });

  test.each([
    ['production', { environment: { name: 'production', tier: 'Production' } }, 'environment.tier'],
    ['a node without a skill', { self: [{ name: 'ecs', type: 'compute' }] }, 'skill'],
    ['a name twice in one list', { self: [node('ecs'), node('ecs')] }, 'Duplicate'],
    ['no service', { service: undefined }, 'spec.service'],
  ])('a map with %s is refused, naming the field', async (_, change, said) => {
    const spec = { service: 'shop', ...change } as unknown as ServiceTopology['spec'];
    const answer = await refusal(
      mapsOf(on.dana).create({ metadata: { name: 'bad', namespace: on.namespace }, spec }, forever),
    );
    expect(answer).toMatchObject({ status: 422, message: expect.stringContaining(said) });
  });

  test("the article's own map is accepted as it is, and told what it lacks node by node", async () => {
    const map = await mapsOf(on.dana).create(
      {
        metadata: { name: 'article', namespace: on.namespace },
        spec: articleMap as unknown as ServiceTopology['spec'],
      },
      forever,
    );
    expect(map.spec).toMatchObject(articleMap);
    const { gaps, targets } = resolveGraph(map, nowhere, new Map(skills.map((skill) => [skill.id, skill])));
    // It is told where to go by its credentials.
    expect(targets.map(({ node: id }) => id)).toEqual(['payments-api/postgresql']);
    expect(Object.fromEntries(gaps.map(({ node: id, reason }) => [id, reason.split('; ')[0]]))).toEqual({
      'payments-api/api-gateway': "with: must have required property 'url'",
      'payments-api/frontend-app': "with: must have required property 'url'",
      'payments-api/sqs-payments': "with: must have required property 'queueUrl'",
      'payments-api/redis': "with: must have required property 'cacheClusterId'",
      'payments-api/lambda-worker': "with: must have required property 'functionName'",
      'payments-api/notification-svc': "with: must have required property 'url'",
    });
  });

  test('a status beyond its schema is refused, and unknown fields are dropped', async () => {
    const session = await sessionsOf(on.dana).create(sessionDraft(on.namespace, 'bounds'), forever);
    const conditions = Array.from({ length: 17 }, (_, index) => ({ ...ready('True', 'Fine'), type: `T${index}` }));
    const answer = await refusal(
      sessionsOf(on.operator).replaceStatus({ ...session, status: { conditions } }, forever),
    );
    expect(answer).toMatchObject({ status: 422, message: expect.stringContaining('status.conditions') });
    const more = { phase: 'Pending', noSuchField: true } as NonNullable<DebugSession['status']>;
    const written = await sessionsOf(on.operator).replaceStatus({ ...session, status: more }, forever);
    expect(written.status).toEqual({ phase: 'Pending' });
  });
});

function ready(status: 'True' | 'False', reason: string) {
  const message = 'As it is';
  return { type: 'Ready', status, reason, message, lastTransitionTime: '2026-01-01T00:00:00Z' };
}

function node(name: string): object {
  return { name, type: 'compute', skill: 'aws-ecs' };
}

const nowhere = { get: () => undefined, referrers: () => [] };

/** The service topology map of the article's appendix, as its author wrote it. */
const articleMap = {
  service: 'payments-api',
  upstream: [
    { name: 'api-gateway', type: 'http', skill: 'http-health' },
    { name: 'frontend-app', type: 'http', skill: 'http-health' },
  ],
  downstream: [
    { name: 'postgresql', type: 'db', skill: 'postgres' },
    { name: 'redis', type: 'cache', skill: 'aws-elasticache' },
    { name: 'sqs-payments', type: 'queue', skill: 'aws-sqs' },
    { name: 'lambda-worker', type: 'compute', skill: 'aws-lambda' },
    { name: 'notification-svc', type: 'http', skill: 'http-health' },
  ],
};
